"""Proposals from the first word to their effect, and rules of supervision until they tell something."""
import hashlib
import time
import uuid

DAY_MS = 86_400_000


def proposal(e, account, action, title, **more):
    answer = e.call("POST", "/v1/proposals", {"action": action, "title": title, "reason": "接口演练", **more}, account=account)
    return answer.json()["proposal"]["number"]


def carried(e, account, action, title):
    number = proposal(e, account, action, title)
    voted = e.call("POST", f"/v1/proposals/{number}/vote", {"choice": "yes"}, account=account).json()["proposal"]
    e.check(voted["state"] == "approved", f"proposal {number} is {voted['state']}")
    executed = e.call("POST", f"/v1/proposals/{number}/execute", {}, account=account).json()["proposal"]
    e.check(executed["state"] == "executed", f"proposal {number}: {executed.get('failure')}")
    return number


def proposals(e, admin, office):
    constitution = e.call("GET", "/v1/constitution").json()
    e.check(constitution["council"] == [office], f"council {constitution['council']}")
    pack = {"install_pack": {"name": "water-meters", "version": "1.0.0", "digest": "cGFja3BhY2twYWNrcGFja3BhY2twYWNrcGFja3BhY2s="}}
    tried = e.call("POST", "/v1/proposals/dry-run", {"action": pack}).json()
    e.check(tried["would_succeed"] and tried["records"][0]["collection"] == "pack", str(tried))
    number = carried(e, admin, pack, "安装水表服务包")
    e.check(not e.call("GET", f"/v1/proposals/{number}/dry-run").json()["would_succeed"], "a pack is installed twice")
    e.check(e.call("GET", f"/v1/proposals/{number}").json()["state"] == "executed", "the proposal has no effect")
    e.check(e.call("GET", "/v1/proposals?limit=1").json()["items"][0]["number"] == number, "the newest comes first")
    record = e.call("GET", "/v1/records/governance/pack/water-meters").json()
    e.check(record["decoded"]["versions"][0]["version"] == "1.0.0", str(record))

    e.call("POST", f"/v1/accounts/{admin}/roles", {"role": "security_admin", "organisation": office}, account=admin)
    later = {"retire_pack": {"name": "water-meters", "reason": "演练"}}
    number = proposal(e, admin, later, "停用", not_before_height=1_000_000)
    e.call("POST", f"/v1/proposals/{number}/withdraw", {"reason": "内容有误"}, account=admin)
    e.refused(409, "state.voting_closed", "POST", f"/v1/proposals/{number}/vote", {"choice": "no"}, account=admin)
    newer = {"install_pack": dict(pack["install_pack"], version="1.1.0")}
    number = proposal(e, admin, newer, "升级水表服务包", not_before_height=1_000_000)
    e.call("POST", f"/v1/proposals/{number}/vote", {"choice": "yes"}, account=admin)
    e.refused(409, "state.not_due", "POST", f"/v1/proposals/{number}/execute", {}, account=admin)
    e.call("POST", f"/v1/proposals/{number}/veto", {"reason": "尚未评审"}, account=admin)
    bounds = {"set_parameters": {"values": [{"name": "window_ms", "value": 1}]}}
    e.refused(422, "input.out_of_bounds", "POST", "/v1/proposals", {"action": bounds, "title": "x", "reason": "x"}, account=admin)
    e.refused(422, "input.invalid_value", "POST", "/v1/proposals/dry-run", {"action": {"no_such": {}}})
    for nothing in ({}, {"install_pack": None}):
        e.refused(422, "input.invalid_value", "POST", "/v1/proposals/dry-run", {"action": nothing})
    e.refused(404, "state.not_found", "GET", "/v1/proposals/999999")
    return number


def freezes(e, admin, clerk, office):
    until_ms = int(time.time() * 1000) + DAY_MS
    freeze = {"freeze": {"target": {"account": clerk}, "scope": ["evidence.deposit"], "legal_basis": "演练字〔2026〕1号", "until_ms": until_ms}}
    carried(e, admin, freeze, "冻结")
    order = e.call("GET", "/v1/freezes/1").json()
    e.check(order["in_force"] and order["target"] == {"account": clerk}, str(order))
    deposit = {"sm3": hashlib.sha256(b"x").hexdigest(), "size_bytes": 1, "phase": "fixed"}
    e.refused(403, "permission.frozen", "POST", "/v1/evidence", deposit, account=clerk)
    statement = hashlib.sha256("异议书".encode()).hexdigest()
    e.call("POST", "/v1/freezes/1/appeals", {"statement_digest": statement, "summary": "事实有误"}, account=admin)
    carried(e, admin, {"answer_appeal": {"order": 1, "appeal": 0, "upheld": True, "reason": "异议成立"}}, "答复异议")
    e.check(not e.call("GET", "/v1/freezes/1").json()["in_force"], "an upheld appeal lifts the order")
    e.call("POST", "/v1/evidence", deposit, account=clerk)


def supervision(e, admin, clerk):
    rule = {"id": "every-deposit", "name_zh": "每笔存证", "name_en": "Every deposit", "kind": "RULE_KIND_RATE",
            "methods": ["evidence.deposit"], "threshold": 1, "window_ms": 1000}
    e.call("POST", "/v1/supervision/rules", rule, account=admin)
    e.check(len(e.call("GET", "/v1/supervision/rules").json()["items"]) == 1, "the rule is listed")
    deposit = {"sm3": hashlib.sha256(uuid.uuid4().bytes).hexdigest(), "size_bytes": 1, "phase": "fixed"}
    e.call("POST", "/v1/evidence", deposit, account=clerk)
    deadline = time.monotonic() + 60
    while not (alerts := e.call("GET", "/v1/supervision/alerts", account=admin).json())["items"] and time.monotonic() < deadline:
        time.sleep(0.1)
    e.check(alerts["items"][0]["rule"] == "every-deposit", str(alerts))
    receipt = e.call("GET", f"/v1/supervision/alerts/{alerts['items'][0]['number']}/receipt", account=admin)
    verdict = e.call("POST", "/v1/verify", receipt.body, headers={"Content-Type": "application/json"}).json()
    e.check(verdict["passed"], str(verdict)[:300])
    e.refused(403, "permission.forbidden", "GET", "/v1/supervision/alerts", account=clerk)
    e.call("POST", "/v1/supervision/rules/every-deposit/retire", {"reason": "演练结束"}, account=admin)
    answer = e.call("GET", "/v1/supervision/looks?limit=2", account=admin)
    looks = answer.json()["items"]
    e.check((looks[0]["subject"], looks[0]["account"]) == ("access-log", admin), "whoever reads the list of looks is listed")
    e.check(answer.headers["cache-control"] == "no-store", "no cache may answer instead: it would record nothing")
    e.refused(403, "permission.forbidden", "GET", "/v1/supervision/looks", account=clerk)
    e.refused(422, "input.invalid_value", "GET", "/v1/supervision/looks?limit=0", account=admin)
    again = e.call("GET", "/v1/supervision/looks?limit=2", account=admin).json()["items"]
    e.check(again[1] == looks[0], "a refused request shows nothing and is no look")


def governance(e, admin, clerk):
    office = e.call("GET", f"/v1/accounts/{admin}").json()["organisation"]
    number = proposals(e, admin, office)
    freezes(e, admin, clerk, office)
    supervision(e, admin, clerk)
    for path in ("/proposals", f"/proposals/{number}", "/proposals?lang=en", f"/proposals/{number}?lang=en"):
        page = e.call("GET", path)
        e.check(b"<h1>" in page.body, f"{path} is no page")
