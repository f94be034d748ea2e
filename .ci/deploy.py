"""What the files of `deploy/` say of each other, and of the program, must be so; called by `.ci/deploy`.

Manifests: selectors find their pods, ports that are named are there, what is scaled is there, settings are the program's,
images have the version; every workload has a budget for disruptions, and a policy that keeps the public from its health.
Prometheus: it scrapes the job that alerts and dashboard look at, at the port that the program is told to listen on; nobody
is paged for a process that waits for others' logins.
Dashboard: its panels do not overlap; its queries are printed as a file of Prometheus rules, for `promtool` to read.
"""

import json
import re
import sys
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent.parent / "deploy"
MANIFESTS = ["kubernetes.yaml", "kubernetes-interactions.yaml", "kubernetes-publish.yaml"]
WITH_PODS = {"StatefulSet", "Deployment"}
JOB = "briefing-bot"


def settings():
    """The names of the program's settings."""
    example = (FOLDER.parent / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE))


def sub_commands():
    """The sub-commands that the README names."""
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `briefing-bot ([a-z]+)", readme, re.MULTILINE))


def version():
    """The program's version."""
    cargo = (FOLDER.parent / "Cargo.toml").read_text(encoding="utf-8")
    return re.search(r'^version = "(.+)"$', cargo, re.MULTILINE)[1]


def check_images(workload):
    """Each image is the one of this version, and a rollback is one to another."""
    for container in workload["spec"]["template"]["spec"]["containers"]:
        image, name = container["image"], workload["metadata"]["name"]
        assert image.endswith(f":{version()}"), f"{name}: `{image}` is not of version {version()}"


def check_pods(workload, known):
    """A workload's own references."""
    name, spec = workload["metadata"]["name"], workload["spec"]
    labels = spec["template"]["metadata"]["labels"]
    assert spec["selector"]["matchLabels"] == labels, f"{name}: the selector does not find the pods"
    for container in spec["template"]["spec"]["containers"]:
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            port = container[probe]["httpGet"]["port"]
            assert port in ports, f"{name}: {probe} asks at `{port}`, which is no port"
        # With the store away `/readyz` fails, and nothing would be sent to pods that answer all the same.
        assert container["readinessProbe"]["httpGet"]["path"] == "/servez", f"{name}: a store that is away stops it"
        values = {variable["name"]: variable.get("value") for variable in container["env"]}
        own = {name for name, value in values.items() if value is None}
        unknown = set(values) - own - known
        assert not unknown, f"{name}: {unknown} are no settings of the program"
        for setting, port in (("HTTP_LISTEN", "health"), ("INTERACTIONS_LISTEN", "interactions")):
            if setting in values:
                listening = int(values[setting].rsplit(":", 1)[1])
                assert listening == ports[port], f"{name}: {setting} is not at the port `{port}`"
        shards = values["SHARDS"]
        if "/" in shards:
            total = int(shards.split("/")[1])
            assert total == spec["replicas"], f"{name}: {spec['replicas']} replicas share {total} shards"
    return labels, ports


def check_policy(policy, pods):
    """A policy that keeps everybody but some from the port `health`."""
    name, spec = policy["metadata"]["name"], policy["spec"]
    found = [ports for labels, ports in pods if labels == spec["podSelector"]["matchLabels"]]
    assert found and spec["policyTypes"] == ["Ingress"], f"{name} selects no pods, or not what comes to them"
    allowed = set()
    for rule in spec["ingress"]:
        for port in rule["ports"]:
            assert port["port"] in found[0], f"{name}: `{port['port']}` is no port"
            assert port["port"] != "health" or rule["from"], f"{name}: health is not for the public"
            allowed.add(port["port"])
    assert allowed == set(found[0]), f"{name}: nobody reaches {set(found[0]) - allowed}"


def check_every_workload(documents, pods):
    """What every workload has to have beside it."""
    budgets = [its["spec"]["selector"]["matchLabels"] for its in documents if its["kind"] == "PodDisruptionBudget"]
    policies = [its["spec"]["podSelector"]["matchLabels"] for its in documents if its["kind"] == "NetworkPolicy"]
    headless = {
        its["metadata"]["name"]: its["spec"]["selector"]
        for its in documents
        if its["kind"] == "Service" and its["spec"].get("clusterIP") == "None"
    }
    for labels, _ in pods:
        assert labels in budgets, f"{labels} has no PodDisruptionBudget"
        assert labels in policies, f"{labels} has no NetworkPolicy"
    for document in documents:
        if document["kind"] == "StatefulSet":
            service = document["spec"]["serviceName"]
            labels = document["spec"]["selector"]["matchLabels"]
            assert headless.get(service) == labels, f"there is no headless Service `{service}` for its pods"


def check_manifests():
    """Every manifest, and the references between them."""
    documents = []
    for file in MANIFESTS:
        documents += list(yaml.safe_load_all((FOLDER / file).read_text(encoding="utf-8")))
    known = settings()
    pods, targets = [], {}
    for document in documents:
        if document["kind"] in WITH_PODS | {"Job"}:
            check_images(document)
        if document["kind"] in WITH_PODS:
            pods.append(check_pods(document, known))
            targets[document["kind"], document["metadata"]["name"]] = document
    for document in documents:
        spec, name = document["spec"], document["metadata"]["name"]
        match document["kind"]:
            case "Service":
                found = [ports for labels, ports in pods if labels == spec["selector"]]
                assert found, f"{name}: the Service selects no pods"
                for port in spec.get("ports", []):
                    assert port["targetPort"] in found[0], f"{name}: `{port['targetPort']}` is no port"
                    assert port["targetPort"] != "health", f"{name}: health is not for the public"
            case "HorizontalPodAutoscaler":
                target = spec["scaleTargetRef"]
                scaled = targets.get((target["kind"], target["name"]))
                assert scaled, f"{name}: what it scales is not there"
                assert "replicas" not in scaled["spec"], f"{name}: an apply would undo its scaling"
                assert 1 < spec["minReplicas"] <= spec["maxReplicas"]
            case "PodDisruptionBudget":
                assert spec["selector"]["matchLabels"] in [labels for labels, _ in pods], f"{name} selects no pods"
            case "NetworkPolicy":
                check_policy(document, pods)
            case "Job":
                (container,) = spec["template"]["spec"]["containers"]
                unknown = {variable["name"] for variable in container["env"]} - known
                assert not unknown, f"{name}: {unknown} are no settings of the program"
                assert container["args"][0] in sub_commands(), f"{name}: {container['args']} is no sub-command"
            case kind:
                assert kind in WITH_PODS, f"{name}: nothing is known of a {kind}"
    check_every_workload(documents, pods)
    return pods


def scraped(file):
    """The only job of a configuration of Prometheus, which takes the alerts as well."""
    configuration = yaml.safe_load((FOLDER / file).read_text(encoding="utf-8"))
    (job,) = configuration["scrape_configs"]
    assert job["job_name"] == JOB, f"{file}: alerts and dashboard look at the job `{JOB}`"
    assert configuration["rule_files"] == ["alerts.yaml"], f"{file}: nobody is alerted"
    return job


def check_prometheus(pods):
    """What Prometheus is told to scrape is there."""
    unit = (FOLDER / "briefing-bot.service").read_text(encoding="utf-8")
    listening = re.search(r"^Environment=HTTP_LISTEN=(.+)$", unit, re.MULTILINE)[1]
    (static,) = scraped("prometheus.yaml")["static_configs"]
    assert static["targets"] == [listening], f"the unit listens on {listening}"
    kept = scraped("prometheus-kubernetes.yaml")["relabel_configs"][0]
    assert kept["action"] == "keep"
    for labels, _ in pods:
        assert re.fullmatch(kept["regex"], f"{labels['app']};health"), f"{labels} is not scraped"
    alerts = (FOLDER / "alerts.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r'job="([^"]*)"', alerts)) == {JOB}


def check_disconnected():
    """Nobody is paged for a process that waits for others' logins."""
    turns = (FOLDER.parent / "src/discord/turns.rs").read_text(encoding="utf-8")
    waits = int(re.search(r"LOGS_IN_WITHIN: Duration = Duration::from_secs\((\d+)\)", turns)[1])
    (group,) = yaml.safe_load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    (rule,) = [rule for rule in group["rules"] if rule["alert"] == "BriefingBotDisconnected"]
    patience = int(re.fullmatch(r"(\d+)s", rule["for"])[1])
    assert patience >= waits + 30, f"a process may wait for {waits} s, and then logs in itself"


def dashboard_rules():
    """The dashboard's queries, each as a rule."""
    dashboard = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    taken, rules = set(), []
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, f"`{panel['title']}` is wider than the page"
        cells = {(place["x"] + i, place["y"] + j) for i in range(place["w"]) for j in range(place["h"])}
        assert not cells & taken, f"`{panel['title']}` lies on another panel"
        taken |= cells
        for target in panel["targets"]:
            # What Grafana puts in when it asks.
            query = target["expr"].replace("$__rate_interval", "5m").replace("$job", JOB)
            assert "$" not in query, query
            rules.append({"record": f"dashboard:query:n{len(rules)}", "expr": query})
    assert len(rules) > 10
    return {"groups": [{"name": "dashboard", "rules": rules}]}


if __name__ == "__main__":
    check_prometheus(check_manifests())
    check_disconnected()
    yaml.safe_dump(dashboard_rules(), sys.stdout)
