/// Where the name of an image leads.
public enum ImageResolution: Sendable, Equatable {
  /// To what has these digests (`sha256:…`), of which the first stands for it. There is at least one.
  case digests([String])
  /// It is not known, and why: the end of a sentence that begins with the image.
  case unknown(String)

  /// The digests; none if they are not known.
  var digests: [String] { if case .digests(let digests) = self { digests } else { [] } }
}
