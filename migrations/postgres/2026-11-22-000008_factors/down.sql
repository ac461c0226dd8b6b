DROP TABLE emergency;
DROP TABLE factors;
