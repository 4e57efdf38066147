"""Speaks with sdjwt_peer, our side; and what both sides should see of the cases."""
import copy
import json
import subprocess


class Peer:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def expected_claims(claims, hidden):
    """The claims without what the plan hides."""
    out = copy.deepcopy(claims)
    for pointer in sorted(hidden, reverse=True):
        *above, last = pointer[1:].split("/")
        at = out
        for token in above:
            at = at[token]
        del at[int(last) if isinstance(at, list) else last]
    return out
