import Diagnostics
import Values

extension Rule where Subject == String {
  /// An absolute path of a folder, the root folder too.
  static let folderPath = Rule(
    "an absolute path without `..`", schema: [.init("pattern", #"^(?!.*/\.\.(/|$))/"#)], code: .badPath
  ) { path in
    path == "/" ? nil : absolutePath.problem(path)
  }

  /// A path within something, without a way out.
  static let relativePath = Rule(
    "a relative path without `..`", schema: [.init("pattern", #"^(?!/)(?!(.*/)?\.\.(/|$)).+"#)],
    code: .badPath
  ) { path in
    guard !path.isEmpty, !path.hasPrefix("/") else {
      return RuleProblem("`\(path)` is not a relative path", help: "write it without `/` at its start")
    }
    if path.split(separator: "/").contains("..") {
      return RuleProblem("`\(path)` leaves its folder", help: "write the path without `..`")
    }
    return path.hasByte(0) ? .nullCharacter(in: "a path") : nil
  }

  /// A user, and perhaps a group.
  static let user = Rule(
    "`USER` or `USER:GROUP`, each a name or a number",
    schema: [.init("pattern", "^[^:\\s]+(:[^:\\s]+)?$")], code: .badName
  ) { text in
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ isAccount($0) }) else {
      return RuleProblem(
        "`\(text)` is not a user", help: "write a name or a number, and the group after a colon: `1000:1000`")
    }
    return nil
  }

  /// The name of a group, or its number.
  fileprivate static func isAccount(_ name: some StringProtocol) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ":") }
  }

  /// Who a file belongs to, by numbers: names mean something else in each image.
  static let owner = Rule(
    "`UID` or `UID:GID`, by number", schema: [.init("pattern", "^[0-9]{1,10}(:[0-9]{1,10})?$")],
    code: .badName
  ) { text in
    NumericOwner(text) != nil
      ? nil
      : RuleProblem("`\(text)` is not an owner", help: "write the numbers of user and group: `1000:1000`")
  }

  /// Permissions of a file, in octal digits.
  static let fileMode = Rule(
    "permissions in three or four octal digits, such as `0644`", schema: [.init("pattern", "^[0-7]{3,4}$")],
    code: .badQuantity
  ) { text in
    (3...4).contains(text.utf8.count) && UInt32(text, radix: 8) != nil && !text.hasPrefix("+")
      ? nil : RuleProblem("`\(text)` are not permissions", help: "write octal digits, such as `0644`")
  }

  /// A name of a machine: labels with dots between them.
  static let hostName = Rule(
    "a name of a machine: letters, digits, `-`, `_` and dots, 253 characters at most",
    schema: [
      .init(
        "pattern",
        "^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$")
    ],
    code: .badName
  ) { name in
    HostName.isValid(name)
      ? nil : RuleProblem("`\(name)` is not a name of a machine", help: "write it as in `db-1.example.com`")
  }

  /// A signal by its name.
  static let signal = Rule(
    "the name of a signal, such as `SIGTERM` or `SIGRTMIN+3`",
    schema: [.init("pattern", "^SIG[A-Z0-9]+([+-][0-9]{1,2})?$")], code: .badChoice
  ) { name in
    if SignalName(name) != nil { return nil }
    let meant =
      SignalName("SIG" + name.uppercased()) ?? SignalName(name.uppercased())
      ?? Int(name).flatMap { SignalName(number: $0) }
    return RuleProblem(
      "there is no signal called `\(name)`",
      help: meant.map { "was `\($0.name)` meant?" } ?? Suggestion.help(for: name, among: SignalName.all)
        ?? "write its name, such as `SIGTERM`")
  }

  /// A platform of images.
  static let platform = Rule(
    "`OS/ARCH` or `OS/ARCH/VARIANT`, such as `linux/arm64`",
    schema: [.init("pattern", "^[a-z0-9_.-]+(/[a-z0-9_.-]+){1,2}$")], code: .badImage
  ) { text in
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let isPlatform =
      (2...3).contains(parts.count)
      && parts.allSatisfy { part in
        !part.isEmpty
          && part.utf8.allSatisfy {
            ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z"))
              || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || "_.-".utf8.contains($0)
          }
      }
    return isPlatform
      ? nil : RuleProblem("`\(text)` is not a platform", help: "write it as `linux/amd64` or `linux/arm64`")
  }

  /// An address of IP.
  static let address = Rule("an address of IPv4 or IPv6", code: .badName) { text in
    IPAddress.isValid(text)
      ? nil : RuleProblem("`\(text)` is not an address", help: "write it as `10.0.0.2` or `fd00::2`")
  }

  /// The name of something on an engine that berth did not make.
  static let engineName = Rule(
    "a name on an engine: letters, digits, `_`, `.` and `-`",
    schema: [.init("pattern", "^[A-Za-z0-9][A-Za-z0-9_.-]*$")], code: .badName
  ) { name in
    let isName =
      name.utf8.first.map { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "-") }
      == true
      && name.utf8.allSatisfy { byte in
        (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
          || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || "_.-".utf8.contains(byte)
      }
    return isName
      ? nil
      : RuleProblem(
        "`\(name)` is not a name on an engine", help: "write the name that the engine lists it by")
  }
}

extension Rule where Subject == StringSet {
  /// Groups by name or number.
  static let groups = Rule("names or numbers of groups", code: .badName) { names in
    names.elements.first { !Rule<String>.isAccount($0) }.map {
      RuleProblem("`\($0)` is not a group", help: "write the name of a group, or its number")
    }
  }

  static let dnsLabels = Rule("DNS labels", code: .badName) { names in
    names.elements.first { !DNSLabel.isValid($0) }.map {
      RuleProblem(
        "`\($0)` is not a name of a workload", help: "write the `name` that its own document states")
    }
  }

  static let hostNames = Rule("names of machines", code: .badName) { names in
    names.elements.first { !HostName.isValid($0) }.map {
      RuleProblem("`\($0)` is not a name of a machine", help: "write it as in `db` or `db.example.com`")
    }
  }
}

extension Rule where Subject == [String] {
  /// Addresses of IP.
  static let addresses = Rule("addresses of IPv4 or IPv6", code: .badName) { texts in
    texts.first { !IPAddress.isValid($0) }.map {
      RuleProblem("`\($0)` is not an address", help: "write it as `10.0.0.2` or `fd00::2`")
    }
  }

  /// Texts with something in them, and without spaces.
  static let texts = Rule("texts without spaces", code: .emptyValue) { texts in
    texts.contains { $0.isEmpty || $0.utf8.contains { $0 <= 0x20 } }
      ? RuleProblem("each text must have something in it, and no spaces", help: "write one to an element")
      : nil
  }
}

extension Rule where Subject == StringMap {
  /// Names of machines, each with an address.
  static let hosts = Rule(
    "names of machines, each with an address of IPv4 or IPv6, or `host-gateway`", code: .badName,
    problems: { map in
      map.entries.compactMap { entry in
        guard HostName.isValid(entry.key) else {
          return RuleProblem(
            "`\(entry.key)` is not a name of a machine", help: "write it as in `db.example.com`",
            key: entry.key)
        }
        guard IPAddress.isValid(entry.value) || entry.value == "host-gateway" else {
          return RuleProblem(
            "`\(entry.value)` is not an address",
            help: "write one as `10.0.0.2` or `fd00::2`, or `host-gateway` for the engine's machine",
            key: entry.key)
        }
        return nil
      }
    })
}

/// Names of machines.
public enum HostName {
  /// Whether a text is one: labels with dots between them, as resolvers take them, underscores too.
  public static func isValid(_ name: String) -> Bool {
    guard name.utf8.count <= 253 else { return false }
    return name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
      label in
      !label.isEmpty && label.count <= 63 && label.first != UInt8(ascii: "-")
        && label.last != UInt8(ascii: "-")
        && label.allSatisfy { byte in
          (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
            || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
        }
    }
  }
}
