import Planning
import Values

/// Lines that services wrote, for programs.
public enum LogJSON {
  /// An object on one line, with its line break:
  ///
  /// | key | value |
  /// | --- | --- |
  /// | `instance`, `service` | names |
  /// | `at` | when it was written, as RFC 3339 has it |
  /// | `stream` | `stdout` or `stderr` |
  /// | `text` | the line; `null` if it is no UTF-8 |
  /// | `bytes` | the line in base64 (RFC 4648) if it is no UTF-8, else `null` |
  /// | `goesOn` | whether this is a part of a line, which goes on in the next object of this service and stream |
  public static func line(_ bytes: [UInt8], from origin: LogOrigin, at: Timestamp, goesOn: Bool) -> String {
    let text = String(validating: bytes, as: UTF8.self)
    let value: Value = [
      "instance": .string(origin.instance.description), "service": .string(origin.service),
      "at": .string(at.description), "stream": .string(origin.isError ? "stderr" : "stdout"),
      "text": text.map { .string($0) } ?? .null,
      "bytes": text == nil ? .string(Base64.encode(bytes)) : .null, "goesOn": .bool(goesOn),
    ]
    return CanonicalJSON.compact(value) + "\n"
  }
}
