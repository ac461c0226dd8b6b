"""Runs every check of scim2-tester against the service at ADDRESS with TOKEN; says what failed, and how many passed."""

import sys
from collections import Counter

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

address, token = sys.argv[1:]
http = Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60)
results = check_server(SyncSCIMClient(http))
for result in results:
    if result.status is not Status.SUCCESS:
        print(result.status.name, result.title, result.resource_type, result.reason, sep=" | ")
print(*(f"{status.name}={count}" for status, count in Counter(result.status for result in results).items()))
