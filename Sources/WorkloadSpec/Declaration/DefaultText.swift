/// The default of a variable as it is written.
///
/// `${var.NAME}`, `${workload.name}`, `${namespace}` and `${target}` stand for something in it, and with one more `$`
/// before them for themselves. Any other `${` is what it is, unlike in the texts of services.
public enum DefaultText {
  /// What may stand in a default besides other variables.
  static let names = ["namespace", "target", "workload.name"]
  private static let openings = ["var.", "workload.", "namespace}", "target}"].map { Array($0.utf8) }
  private static let dollar = UInt8(ascii: "$")
  private static let openBrace = UInt8(ascii: "{")

  /// The default to write so that a variable has exactly a text, whatever `${` is in it.
  public static func escape(_ text: String) -> String { addDollars(text, where: standsForSomething) }

  /// A default as a text of the language, in which any `${` stands for something.
  static func text(_ written: String) -> String {
    addDollars(written) { !standsForSomething($0) && !Interpolation.isProviderName($0) }
  }

  /// The names that a default refers to, each as it stands between the braces.
  static func references(in written: String) -> [String] {
    let bytes = Array(written.utf8)
    return bytes.indices.compactMap { index in
      guard bytes[index...].starts(with: [dollar, openBrace]), index == 0 || bytes[index - 1] != dollar else {
        return nil
      }
      let rest = bytes[(index + 2)...]
      guard standsForSomething(rest), let close = rest.firstIndex(of: UInt8(ascii: "}")) else { return nil }
      return String(decoding: rest[..<close], as: UTF8.self)
    }
  }

  /// Whether what follows `${` stands for something in a default.
  private static func standsForSomething(_ rest: ArraySlice<UInt8>) -> Bool {
    openings.contains { rest.starts(with: $0) }
  }

  /// Puts a `$` before each `${` whose rest satisfies a condition.
  private static func addDollars(_ text: String, where condition: (ArraySlice<UInt8>) -> Bool) -> String {
    guard text.contains("${") else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if bytes[index...].starts(with: [dollar, openBrace]), condition(bytes[(index + 2)...]) {
        result.append(dollar)
      }
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
