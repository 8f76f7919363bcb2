import ProviderKit
import WorkloadSpec

/// What a machine runs when it starts for the first time.
enum UserData {
  /// The text as it is handed over, with the braces that were meant as such.
  static func text(of text: FileText) -> String { ServiceTexts(root: "").fill(text.content) }
}
