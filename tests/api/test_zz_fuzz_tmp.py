import json, pytest, random
from tests.company import found_company
from tests.api.test_setup_records import bodies, PATHS

pytestmark = pytest.mark.django_db
HOSTILE = [
    None,
    "",
    " ",
    "x" * 300,
    "x" * 20000,
    0,
    -1,
    1.5,
    10**20,
    10**400,
    "1e400",
    float("1e308"),
    True,
    False,
    [],
    [[]],
    [1],
    [None],
    [{}],
    {},
    {"a": 1},
    {"a": None},
    {"": "x"},
    {"a": {"b": []}},
    "\ud800",
    "‮",
    "'; --",
    "<script>",
    "NaN",
    "Infinity",
    "-0",
    "0.0000000001",
    "99999999999999999999.9999",
    "2026-13-40",
    "0000-00-00",
    "9999-12-31",
    "9999-12-31T23:59:59Z",
    "2026-01-01T00:00:00",
    "00000000-0000-0000-0000-000000000000",
    "not-a-uuid",
    ["00000000-0000-0000-0000-000000000000"],
    "4111 1111 1111 1111",
    "javascript:alert(1)",
    "http://[::1",
    "a@b",
    "+999",
    "ß",
    "İ" * 80,
    "1" * 5000,
    ["x"] * 600,
    [{"id": "zzz"}],
    [{"id": "00000000-0000-0000-0000-000000000000"}],
    [{"label": 1}],
    {"carrier_id": 3},
    {"pricing.tier_mode": 1},
    {"x\ud800": 1},
]


def test_nothing_gives_a_5xx():
    company = found_company()
    api = company.api()
    seeds = bodies(company)
    bad = []
    from orderwright.api.root import api as ninja

    schema = ninja.get_openapi_schema()
    comps = schema["components"]["schemas"]
    seen = {}
    for path in PATHS + ("/organization",):
        for verb in ("post", "patch"):
            if path == "/organization" and verb == "post":
                continue
            op = next(
                v
                for k, v in schema["paths"].items()
                if k.endswith(
                    path if verb == "post" or path == "/organization" else path + "/{record_id}"
                )
            )[verb]
            ref = op["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
            names = list(comps[ref]["properties"])
            at = path
            if verb == "patch" and path != "/organization":
                made = api.post(path, seeds[path])
                assert made.status == 201, made.body
                at = f"{path}/{made.body['id']}"
            for name in names:
                for value in HOSTILE:
                    body = {**seeds.get(path, {}), name: value} if verb == "post" else {name: value}
                    from django.test import Client

                    try:
                        raw = json.dumps(body, default=str)
                        r = Client().generic(
                            verb.upper(),
                            f"/api/v1{at}",
                            raw,
                            content_type="application/json",
                            headers={"Authorization": f"Bearer {api.key}"},
                        )
                        code = r.status_code
                    except Exception as e:
                        bad.append(
                            (verb, path, name, repr(value)[:60], f"{type(e).__name__}: {e}"[:200])
                        )
                        continue
                    seen[code] = seen.get(code, 0) + 1
                    if code >= 500:
                        bad.append((verb, path, name, repr(value)[:60], r.content[:200]))
                    if code == 409:
                        seen.setdefault(json.loads(r.content)["code"], []).append(
                            (path, name, repr(value)[:30])
                        )
                    if code == 201:
                        api.delete(f"{path}/{json.loads(r.content)['id']}")
    open("/tmp/fz/out", "w").write(
        "\n".join(map(str, bad))
        + str({k: (v if isinstance(v, int) else v[:4]) for k, v in seen.items()})
    )
    print({k: (v if isinstance(v, int) else v[:4]) for k, v in seen.items()})
    for b in bad[:40]:
        print(b)
    assert not bad, len(bad)
