import Values

/// An answer that refuses, as it came. Agents answer in plain text, and with the status 500 to whatever their servers
/// say that has no status of its own: what a job breaks of their rules, and what breaks within them.
struct AgentRefusal: Sendable, Equatable {
  let status: Int
  let reasonPhrase: String
  /// The body, without white space at its ends.
  let text: String
  /// The time to wait that the answer names, in seconds.
  let wait: Int64?
  /// Where the answer sends to.
  let location: String?
  /// Whether the request was one that changes nothing.
  let isReading: Bool

  /// What servers say that can't answer now, and whether they may have done what they were asked for.
  /// `nomad/structs/errors.go`, hashicorp/raft and net/rpc of Nomad 1.1.2 and 1.10.2.
  private static let outages: [(words: String, mayHaveBeenDone: Bool)] = [
    ("No cluster leader", false), ("Not ready to serve consistent reads", false),
    ("No servers", false), ("no known servers", false), ("leadership lost", true),
    ("leadership transfer", true),
    ("node is not the leader", true), ("raft is already shutdown", true), ("rpc error: EOF", true),
    ("failed to get conn", false), ("connection refused", false), ("connection reset by peer", true),
    ("broken pipe", true), ("i/o timeout", true), ("timed out enqueuing operation", true),
    ("stream closed", true), ("session shutdown", true), ("rate limit exceeded", false),
  ]
  /// What stands before the reason why a job is not registered. `RegisterEnforceIndexErrPrefix`.
  private static let enforcing = "Enforcing job modify index"

  func error(of access: NomadAccess) -> NomadError {
    var error = NomadError(status: status, words(access.server.description))
    error.retryAfter = wait.flatMap { (0...86400).contains($0) ? .seconds($0) : nil }
    error.reason = reason
    error.mayHaveBeenDone = mayHaveBeenDone
    error.help = help(access)
    return error
  }

  private func words(_ server: String) -> String {
    if (300..<400).contains(status) { return "\(server) sends elsewhere, to \(location ?? "nowhere")" }
    if isHTML || text.isEmpty {
      return "\(server) answers \(status) \(reasonPhrase), without saying why"
    }
    // The words of the agent, as they are: several rules that are broken come as a list over several lines.
    let line = text.split(whereSeparator: \.isNewline).map { String($0).trimmedSpaces }.filter { !$0.isEmpty }
    return "Nomad refuses: " + line.joined(separator: " ")
  }

  private var isHTML: Bool { text.hasPrefix("<") }

  private var outage: (words: String, mayHaveBeenDone: Bool)? {
    guard status == 500 else { return nil }
    return Self.outages.first { text.lowercased().contains($0.words.lowercased()) }
  }

  private var reason: NomadError.Reason? {
    switch status {
    case 403, 401: return .forbidden
    case 404:
      if text.isEmpty || isHTML || text == "404 page not found" { return .unsupported }
      if text.contains("No path to node") { return .unavailable }
      return text.contains("ACL token not found") ? .forbidden : .notFound
    case 405, 501: return .unsupported
    case 409: return .conflict(index: conflictingVariable)
    case 429: return nil
    case 500:
      if text.hasPrefix(Self.enforcing) { return .conflict(index: conflictingJob) }
      if outage != nil || isHTML || text.isEmpty { return .unavailable }
      if isAbsence { return .notFound }
      return .invalid
    case 502...504: return .unavailable
    case 400..<500: return .invalid
    default: return nil
    }
  }

  /// Whether a 500 says that something is not there: `deployment not found`, `job "web" not found`, `Unknown
  /// allocation "…"`.
  private var isAbsence: Bool {
    text.hasSuffix("not found") || text.contains("Unknown allocation")
      || text.hasSuffix("was not found")
  }

  private var mayHaveBeenDone: Bool {
    guard !isReading, status >= 500, status != 501 else { return false }
    if let outage { return outage.mayHaveBeenDone }
    // What says why has been judged before anything was done.
    return reason == .unavailable
  }

  /// `Enforcing job modify index 7: job exists with conflicting job modify index: 12`
  private var conflictingJob: UInt64? {
    text.firstRange(of: "conflicting job modify index: ").flatMap {
      UInt64(text[$0.upperBound...].prefix { $0.isNumber })
    }
  }

  /// The variable that conflicts is the answer's body.
  private var conflictingVariable: UInt64? {
    (try? JSON(parsing: text.utf8))?["ModifyIndex"]?.int.flatMap { UInt64(exactly: $0) }
  }

  private func help(_ access: NomadAccess) -> String? {
    switch reason {
    case .forbidden:
      if access.token == nil {
        return "give \(access.source) a token, or set NOMAD_TOKEN: none is sent"
      }
      if text.contains("token") {
        return "the token of \(access.source) is wrong or has expired: get a new one"
      }
      return "the token of \(access.source) may not do this: give its policy the capability that it needs"
    case .unsupported:
      return "see that the address is that of a Nomad agent, and that its version has this"
    case .unavailable where status == 500:
      return "see whether the servers have a leader: nomad server members"
    case .unavailable:
      return "check what stands between berth and the agent, and whether the agent is running"
    case nil where (300..<400).contains(status):
      return "this is not how an agent answers: check the address, and whether a proxy is in between"
    case nil where status == 429:
      return "the agent has a limit of connections for each client: see http_max_conns_per_client"
    default:
      if text.contains("No path to region") {
        return "the agent knows no region \"\(access.region ?? "")\": nomad server members names them"
      }
      return nil
    }
  }
}

extension String {
  fileprivate var trimmedSpaces: String { String(drop { $0 == " " || $0 == "\t" }) }
}
