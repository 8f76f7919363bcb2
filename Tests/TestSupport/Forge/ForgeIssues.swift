import Values

/// Issues, which the steps of pipelines open and change.
extension FakeForge {
  static func issuesPath(_ kind: Kind) -> String {
    kind == .gitlab ? "/projects/5/issues" : "/repos/ada/shop/issues"
  }

  static func issuePath(_ kind: Kind) -> Regex<(Substring, Substring)> {
    kind == .gitlab ? /\/projects\/5\/issues\/([0-9]+)/ : /\/repos\/ada\/shop\/issues\/([0-9]+)/
  }

  private static func textKey(_ kind: Kind) -> String { kind == .gitlab ? "description" : "body" }

  /// The open issues, or a new one.
  static func issues(_ request: Request, _ kind: Kind, _ state: inout State) -> ForgeReply {
    if request.method == "GET" {
      guard request.query("state") == (kind == .gitlab ? "opened" : "open") else {
        return ForgeReply(status: 400, body: "{}")
      }
      let author = request.query("author_id").flatMap { Int64($0) }
      let found = state.issues.filter { $0.isOpen && (author == nil || $0.author.id == author) }
      return ForgeReply(status: 200, body: JSON.array(found.map { json($0, kind) }).text)
    }
    guard request.method == "POST", let title = request.json?["title"]?.string,
      let text = request.json?[textKey(kind)]?.string
    else { return ForgeReply(status: 400, body: "{}") }
    let issue = Issue(number: Int64(state.issues.count + 100), title: title, text: text, author: .own)
    state.issues.append(issue)
    return ForgeReply(status: 201, body: json(issue, kind).text)
  }

  /// An issue as a request changes it.
  static func change(_ number: Int64, _ request: Request, _ kind: Kind, _ state: inout State) -> ForgeReply {
    guard request.method == (kind == .gitlab ? "PUT" : "PATCH"), let change = request.json,
      let index = state.issues.firstIndex(where: { $0.number == number })
    else { return ForgeReply(status: 400, body: "{}") }
    if let title = change["title"]?.string { state.issues[index].title = title }
    if let text = change[textKey(kind)]?.string { state.issues[index].text = text }
    if change["state_event"]?.string == "close" || change["state"]?.string == "closed" {
      state.issues[index].isOpen = false
    }
    return ForgeReply(status: 200, body: json(state.issues[index], kind).text)
  }

  private static func json(_ issue: Issue, _ kind: Kind) -> JSON {
    kind == .gitlab
      ? [
        "id": .int(issue.number + 9000), "iid": .int(issue.number), "title": .string(issue.title),
        "description": .string(issue.text), "state": "opened", "author": user(issue.author, kind),
      ]
      : [
        "id": .int(issue.number + 9000), "number": .int(issue.number), "title": .string(issue.title),
        "body": .string(issue.text), "state": "open", "user": user(issue.author, kind),
      ]
  }
}
