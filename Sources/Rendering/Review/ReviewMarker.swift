/// The first line of a review, by which a bot finds its own comment: a comment of HTML, the same for all plans on one target
/// and namespace, whatever they do.
public struct ReviewMarker: Sendable, Hashable {
  /// The line, without its break.
  public let text: String

  /// The marker of a place.
  public init(target: String, namespace: String) {
    // Names of targets are the configuration's: none ends the comment.
    let place = "\(target)/\(namespace)".filter { $0.isLetter || $0.isNumber || "._/-".contains($0) }
    text = "<!-- berth plan \(place.replacing("--", with: "")) -->"
  }
}
