import Planning
import Values

/// Where a line of a log comes from.
public struct LogOrigin: Sendable, Hashable {
  /// The instance whose service wrote it.
  public let instance: InstanceID
  /// The service that wrote it.
  public let service: String
  /// Whether it was written to standard error.
  public let isError: Bool

  public init(_ instance: InstanceID, _ service: String, isError: Bool = false) {
    self.instance = instance
    self.service = service
    self.isError = isError
  }

  /// As it stands in front of a line: `0.api`.
  var text: String { "\(instance).\(SafeText.line(service))" }
}

/// Lines that services wrote, each with its origin in front: `0.api | listening on 8080`.
///
/// An origin has the same colour in every run and on every machine. A very long line comes in parts, which are
/// printed behind each other. Where another service's line comes between two of them, `…` stands at the end of the one
/// and at the beginning of the other.
public struct LogText: Sendable {
  /// How what services wrote is printed.
  public enum Form: Sendable {
    /// Byte by byte, for programs.
    case exact
    /// For a terminal: what it would obey is shown as escapes, and so is what is no UTF-8.
    case safe
  }

  private let style: TextStyle
  private let form: Form
  private let width: Int
  /// Whose line is not ended yet.
  private var open: LogOrigin?
  /// Whose line another one came into.
  private var torn: Set<LogOrigin> = []
  private static let inks = ["36", "33", "32", "35", "34", "96", "93", "92", "95", "94"]
  private static let mark = "…"

  /// Renders the lines of some services, with room for the longest of their origins.
  ///
  /// - Parameter services: the services of the instances whose lines are expected.
  public init(services: [(instance: InstanceID, service: String)], style: TextStyle, form: Form = .safe) {
    self.style = style
    self.form = form
    width = services.map { DisplayWidth.of(LogOrigin($0.instance, $0.service).text) }.max() ?? 0
  }

  /// What is to be printed of a line, or of a part of one.
  ///
  /// - Parameters:
  ///   - bytes: what the service wrote, without a line break.
  ///   - at: when it did; `nil` leaves that out.
  ///   - goesOn: whether the line goes on with the next part of this origin.
  public mutating func add(
    _ bytes: [UInt8], from origin: LogOrigin, at: Timestamp? = nil, goesOn: Bool = false
  ) -> [UInt8] {
    var text: [UInt8] = []
    if open != origin {
      if let other = open {
        torn.insert(other)
        text += "\(Self.mark)\n".utf8
      }
      text += head(of: origin, at: at).utf8
      if torn.remove(origin) != nil { text += Self.mark.utf8 }
    }
    text += shown(bytes, isEnd: !goesOn)
    if !goesOn { text.append(UInt8(ascii: "\n")) }
    open = goesOn ? origin : nil
    return text
  }

  /// What is to be printed behind the last line.
  public mutating func finish() -> [UInt8] {
    defer { open = nil }
    return open == nil ? [] : [UInt8(ascii: "\n")]
  }

  private func head(of origin: LogOrigin, at: Timestamp?) -> String {
    let text = origin.text
    var head = "\(text.padded(to: width)) |"
    if style.colour {
      let ink = Self.inks[Int(StableHash.of(text) % UInt64(Self.inks.count))]
      head = "\u{1B}[\(ink)m\(head)\u{1B}[0m"
    }
    return "\(head) " + (at.map { style.paint("\($0)", .faint) + " " } ?? "")
  }

  private func shown(_ bytes: [UInt8], isEnd: Bool) -> [UInt8] {
    switch form {
    case .exact: return bytes
    case .safe:
      // The carriage return of a line break is none that moves the cursor.
      let isBreak = isEnd && bytes.last == UInt8(ascii: "\r")
      return Array(SafeText.written(isBreak ? bytes.dropLast() : bytes[...]).utf8)
    }
  }
}
