"""One process that delivers one webhook: it connects, waits for the word, and sends.

Run as ``python messenger.py HOST PORT PATH SIGNATURE BODY-FILE``; prints the status it was answered.
"""

import http.client
import sys
from pathlib import Path

host, port, path, signature, body = sys.argv[1:]
connection = http.client.HTTPConnection(host, int(port), timeout=60)
connection.connect()
print("ready", flush=True)
sys.stdin.readline()
headers = {"Content-Type": "application/json", "Stripe-Signature": signature}
connection.request("POST", path, Path(body).read_bytes(), headers)
print(connection.getresponse().status, flush=True)
