DROP TABLE policy_acceptances;
DROP TABLE backtests;
DROP TABLE waiting;
DROP TABLE requests;
DROP TABLE policy_versions;
DROP TABLE policy_items;
