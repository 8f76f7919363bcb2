import Values

extension FakeForge {
  /// What is answered to a request, once it is written down.
  static func answer(_ request: Request, _ kind: Kind, _ state: inout State) -> ForgeReply? {
    state.requests.append(request)
    var isLost = false
    if let index = state.faults.firstIndex(where: { $0.method == request.method }) {
      switch state.faults.remove(at: index).fault {
      case .status(let status, let headers, let message):
        return ForgeReply(
          status: status, body: (["message": .string(message)] as JSON).text, headers: headers)
      case .page: return ForgeReply(status: 200, body: "<html>", headers: [("Content-Type", "text/html")])
      case .hangUp: return nil
      case .lostAnswer: isLost = true
      }
    }
    guard isSigned(request, kind) else { return refusal(401, "Bad credentials") }
    let reply = perform(request, kind, &state)
    if reply.status == 400 { state.problems.append("\(request.method) \(request.target) \(request.body)") }
    return isLost ? nil : reply
  }

  private static func isSigned(_ request: Request, _ kind: Kind) -> Bool {
    switch kind {
    case .github: request.headers.first(name: "Authorization") == "Bearer \(token)"
    case .gitlab: request.headers.first(name: "PRIVATE-TOKEN") == token
    case .gitea: request.headers.first(name: "Authorization") == "token \(token)"
    }
  }

  private static func refusal(_ status: Int, _ message: String) -> ForgeReply {
    ForgeReply(status: status, body: (["message": .string(message)] as JSON).text)
  }

  private static func perform(_ request: Request, _ kind: Kind, _ state: inout State) -> ForgeReply {
    let path = String(request.path.trimmingPrefix(prefix(kind)))
    let own = state.isApp ? User.app : User.own
    if path == "/user", request.method == "GET" {
      return state.isApp
        ? refusal(403, "Resource not accessible by integration")
        : ForgeReply(status: 200, body: user(own, kind).text)
    }
    if let match = path.wholeMatch(of: commitPath(kind)) { return merges(of: String(match.1), kind, state) }
    if path == issuesPath(kind) { return issues(request, kind, &state) }
    if let match = path.wholeMatch(of: issuePath(kind)), let number = Int64(match.1) {
      return change(number, request, kind, &state)
    }
    if let match = path.wholeMatch(of: listPath(kind)), let number = Int64(match.1) {
      switch request.method {
      case "GET": return list(number, request, kind, state)
      case "POST":
        guard let text = text(of: request) else { return refusal(400, "body is missing") }
        let comment = Comment(id: state.nextID, text: text, author: own)
        state.nextID += 1
        state.comments[number, default: []].append(comment)
        return ForgeReply(status: 201, body: json(comment, number, kind).text)
      default: return refusal(400, "there is no such endpoint")
      }
    }
    if let match = path.wholeMatch(of: commentPath(kind)),
      request.method == (kind == .gitlab ? "PUT" : "PATCH"),
      let id = Int64(match.1)
    {
      guard let text = text(of: request) else { return refusal(400, "body is missing") }
      for (number, comments) in state.comments {
        guard let index = comments.firstIndex(where: { $0.id == id }) else { continue }
        state.comments[number]?[index].text = text
        return ForgeReply(status: 200, body: json(comments[index], number, kind).text)
      }
      return refusal(404, "Not Found")
    }
    return refusal(400, "there is no such endpoint")
  }

  /// The text of a comment, if a request has that and nothing else.
  private static func text(of request: Request) -> String? {
    guard let members = request.json?.members, members.count == 1 else { return nil }
    return request.json?["body"]?.string
  }

  // MARK: Paths

  private static func listPath(_ kind: Kind) -> Regex<(Substring, Substring)> {
    kind == .gitlab
      ? /\/projects\/5\/merge_requests\/([0-9]+)\/notes/ : /\/repos\/ada\/shop\/issues\/([0-9]+)\/comments/
  }

  private static func commentPath(_ kind: Kind) -> Regex<(Substring, Substring)> {
    kind == .gitlab
      ? /\/projects\/5\/merge_requests\/[0-9]+\/notes\/([0-9]+)/
      : /\/repos\/ada\/shop\/issues\/comments\/([0-9]+)/
  }

  private static func commitPath(_ kind: Kind) -> Regex<(Substring, Substring)> {
    switch kind {
    case .github: /\/repos\/ada\/shop\/commits\/([0-9a-f]+)\/pulls/
    case .gitlab: /\/projects\/5\/repository\/commits\/([0-9a-f]+)\/merge_requests/
    case .gitea: /\/repos\/ada\/shop\/commits\/([0-9a-f]+)\/pull/
    }
  }

  // MARK: Lists

  private static func list(_ number: Int64, _ request: Request, _ kind: Kind, _ state: State) -> ForgeReply {
    var comments = state.comments[number] ?? []
    // GitLab has the newest first unless it is told otherwise.
    if kind == .gitlab, request.query("sort") != "asc" { comments.reverse() }
    // Gitea knows no pages here.
    guard kind != .gitea else {
      return ForgeReply(status: 200, body: JSON.array(comments.map { json($0, number, kind) }).text)
    }
    let size = min(request.query("per_page").flatMap { Int($0) } ?? 30, state.pageSize)
    let page = request.query("page").flatMap { Int($0) } ?? 1
    let shown = comments.dropFirst((page - 1) * size).prefix(size)
    let goesOn = comments.count > page * size
    let next = "<http://elsewhere.invalid\(request.path)?page=\(page + 1)>; rel=\"next\""
    return ForgeReply(
      status: 200, body: JSON.array(shown.map { json($0, number, kind) }).text,
      headers: goesOn ? [("Link", next)] : [])
  }

  private static func merges(of commit: String, _ kind: Kind, _ state: State) -> ForgeReply {
    let found = state.merges.filter { $0.commit == commit }.map { json($0, kind) }
    guard kind == .gitea else { return ForgeReply(status: 200, body: JSON.array(found).text) }
    return found.first.map { ForgeReply(status: 200, body: $0.text) } ?? refusal(404, "Not Found")
  }
}
