/// What is mounted where this process sees it. Where the kernel does not tell, nothing is known to be.
enum MountTable {
  /// A place below a folder, or the folder itself, where something is mounted; `nil` if there is none.
  static func mount(below folder: String) -> String? {
    guard let bytes = try? Files.read("/proc/self/mountinfo") else { return nil }
    return points(String(decoding: bytes, as: UTF8.self)).first {
      $0 == folder || $0.hasPrefix(folder + "/")
    }
  }

  /// The places of what proc(5) describes, in which spaces and the like stand as `\040`.
  static func points(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      return fields.count > 4 ? plain(fields[4]) : nil
    }
  }

  private static func plain(_ field: Substring) -> String {
    guard field.utf8.contains(UInt8(ascii: "\\")) else { return String(field) }
    var bytes: [UInt8] = []
    var rest = Substring(field).utf8
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), let code = UInt8(String(Substring(rest.prefix(3))), radix: 8) {
        bytes.append(code)
        rest.removeFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
