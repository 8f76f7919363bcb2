/// Words of a shell's command line.
enum ShellText {
  /// A word as a POSIX shell reads it back.
  static func quoted(_ word: String) -> String {
    let safe = SafeText.line(word)
    let isPlain =
      !safe.isEmpty
      && safe.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "_", "-", "=", ":", ",", "@", "%", "+": true
        default: false
        }
      }
    return isPlain ? safe : "'" + safe.replacing("'", with: "'\\''") + "'"
  }
}
