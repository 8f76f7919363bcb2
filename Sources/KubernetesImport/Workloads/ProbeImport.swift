import Diagnostics
import WorkloadSpec
import YAMLNodes

/// The probes of a container. Readiness is what a health check tells; without such a probe, startup or liveness.
extension WorkloadImport {
  mutating func readProbes(of index: Int) {
    let draft = drafts[index]
    let readiness = draft.node.stated("readinessProbe")
    let startup = draft.node.stated("startupProbe")
    let liveness = draft.node.stated("livenessProbe")
    guard draft.part != .initial else {
      for (key, probe) in [
        ("readinessProbe", readiness), ("startupProbe", startup), ("livenessProbe", liveness),
      ] {
        guard let probe else { continue }
        lost(
          "`\(key)` of \(draft.phrase)", at: probe.location,
          help: "an init is ready when it has ended with success")
      }
      return
    }
    guard let probe = readiness ?? startup ?? liveness else { return }
    if let liveness, !staysOnKubernetes || readiness == nil && startup == nil {
      let place = (draft.node.key("livenessProbe") ?? liveness).location
      differs(
        readiness == nil && startup == nil
          ? "`livenessProbe` of \(draft.phrase) becomes its health check: a failure makes it unready"
            + (staysOnKubernetes ? ", too" : ", and starts nothing anew")
          : "that `livenessProbe` starts \(draft.phrase) anew is left out", at: place,
        help: staysOnKubernetes
          ? "write a `healthCheck` that says when it can do its work"
          : "let the program end when it can't go on: `restart` starts it again")
    }
    guard var check = check(probe, of: draft) else { return }
    check.interval = seconds(probe["periodSeconds"], "`periodSeconds`") ?? .seconds(10)
    check.timeout = seconds(probe["timeoutSeconds"], "`timeoutSeconds`") ?? .seconds(1)
    check.retries = min(max(integer(probe["failureThreshold"], "`failureThreshold`") ?? 3, 1), 1000)
    if let startup {
      let period = max(1, integer(startup["periodSeconds"], "`periodSeconds`") ?? 10)
      let count = max(1, integer(startup["failureThreshold"], "`failureThreshold`") ?? 3)
      let delay = max(0, integer(startup["initialDelaySeconds"], "`initialDelaySeconds`") ?? 0)
      let (product, overflow) = period.multipliedReportingOverflow(by: count)
      check.startPeriod = .seconds(Int64(overflow ? 1 << 20 : min(product, 1 << 20) + min(delay, 1 << 20)))
      check.startInterval = .seconds(Int64(min(period, 1 << 20)))
      if readiness == nil { check.retries = 3 }
    } else {
      check.startPeriod = seconds(probe["initialDelaySeconds"], "`initialDelaySeconds`")
    }
    drafts[index].service.healthCheck = check
  }

  private mutating func seconds(_ node: Node?, _ what: String) -> SpecDuration? {
    guard let count = integer(node, what), count > 0 else { return nil }
    return .seconds(Int64(min(count, 1 << 20)))
  }

  /// What a probe asks.
  mutating func check(_ probe: Node, of draft: ContainerDraft) -> HealthCheck? {
    var check = HealthCheck()
    if let command = probe["exec"]?.stated("command") {
      check.command = command.elements.filter { $0.kind == .scalar }.map { literal($0.text) }
      return check.command.isEmpty ? nil : check
    }
    if let request = probe.stated("httpGet") {
      guard let port = port(request, of: draft) else { return nil }
      check.port = port
      if request["scheme"]?.scalar?.uppercased() == "HTTPS" {
        differs(
          "the probe of \(draft.phrase) by HTTPS becomes one that opens a connection",
          at: (request["scheme"] ?? request).location, help: "a check by a command can ask by HTTPS")
        return check
      }
      let path = request.stated("path")?.scalar ?? "/"
      check.path = literal(path.hasPrefix("/") ? path : "/" + path)
      for header in request.list("httpHeaders") {
        guard let name = header["name"]?.scalar else { continue }
        check.headers[name] = literal(header.stated("value")?.scalar ?? "")
      }
      return check
    }
    if let request = probe.stated("tcpSocket") {
      check.port = port(request, of: draft)
      return check.port == nil ? nil : check
    }
    if let request = probe.stated("grpc") {
      check.port = port(request, of: draft)
      check.grpc = literal(request.stated("service")?.scalar ?? "")
      return check.port == nil ? nil : check
    }
    invalid(
      "a probe of \(draft.phrase) asks nothing", at: probe.location,
      help: "write `httpGet`, `tcpSocket`, `grpc` or `exec`")
    return nil
  }

  /// The port that a probe asks, by number or name.
  private mutating func port(_ request: Node, of draft: ContainerDraft) -> Int? {
    guard let node = request["port"], let text = node.scalar else {
      invalid("a probe of \(draft.phrase) needs a `port`", at: request.location, help: "write `port: …`")
      return nil
    }
    if let number = Int(text) ?? draft.portNames[text], (1...65535).contains(number) { return number }
    invalid(
      "\(draft.phrase) has no port `\(text)`", at: node.location,
      help: Suggestion.help(for: text, among: draft.portNames.keys.sorted()) ?? "name one of its `ports`")
    return nil
  }
}
