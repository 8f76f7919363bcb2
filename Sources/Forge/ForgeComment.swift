import Values

/// A comment on a pull request, as far as berth needs to know it.
struct ForgeComment: Sendable {
  let id: Int64
  let text: String
  private let author: Int64?
  private let isOfBot: Bool

  /// Reads one of the API's; `nil` if it is none, or if the forge wrote it itself.
  init?(_ json: JSON) {
    guard let id = json["id"]?.int, let text = json["body"]?.string, json["system"]?.bool != true else {
      return nil
    }
    let user = json["user"] ?? json["author"]
    self.id = id
    self.text = text
    author = user?["id"]?.int
    isOfBot = user?["type"]?.string == "Bot"
  }

  /// Whether it is one's own.
  func isOf(_ author: ForgeAuthor) -> Bool {
    switch author {
    case .user(let id): self.author == id
    case .app: isOfBot
    }
  }
}

/// Whose comments are one's own.
enum ForgeAuthor: Sendable {
  /// The user whose token it is, by number.
  case user(Int64)
  /// An app of GitHub, whose token does not say whose it is. Only apps write as bots; of several apps that write the same
  /// marker, one would change what the other wrote.
  case app
}
