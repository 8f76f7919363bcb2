import Testing

@testable import ComposeImport

/// Amounts, words and paths as compose files write them.
@Suite struct ValueTests {
  static let lengths: [(String, Int64)] = [
    ("10s", 10_000), ("1m30s", 90_000), ("1.5h", 5_400_000), ("250ms", 250), ("500us", 1), ("1500us", 2),
    ("0s", 0), ("0", 0), ("+0", 0), ("+2s", 2000), (".5s", 500), ("2.s", 2000), ("1000000ns", 1),
    ("1h1h", 7_200_000), ("2d", 172_800_000), ("1w", 604_800_000), ("3000\u{B5}s", 3), ("3000\u{3BC}s", 3),
  ]

  @Test("Durations", arguments: lengths)
  func durations(text: String, milliseconds: Int64) {
    #expect(ComposeAmount.duration(text)?.milliseconds == milliseconds)
  }

  @Test(
    "Not durations",
    arguments: [
      "", "ten", "10x", "s", "-1s", "1e9h", "1..5s", ".s", "30", "1h30", "00", "5 s", "1S", "٣s",
    ])
  func notDurations(text: String) {
    #expect(ComposeAmount.duration(text) == nil)
  }

  static let unitless: [(String, Bool)] = [
    ("30", true), ("1h30", true), ("0.5", true), ("ten", false), ("10s", false), ("", false),
  ]

  @Test("Lengths of time without a unit", arguments: unitless)
  func lengthsOfTimeWithoutAUnit(text: String, lacks: Bool) {
    #expect(ComposeAmount.lacksUnit(text) == lacks)
  }

  static let amounts: [(String, Int64)] = [
    ("512m", 512 << 20), ("1g", 1 << 30), ("1gb", 1 << 30), ("1GiB", 1 << 30), ("64K", 64 << 10),
    ("100", 100),
    ("10b", 10), ("1.5g", 3 << 29), ("2 kb", 2048), ("0", 0), ("0m", 0), ("0.0g", 0), ("0b", 0),
  ]

  @Test("Bytes", arguments: amounts)
  func bytes(text: String, bytes: Int64) {
    #expect(ComposeAmount.bytes(text) == bytes)
  }

  static let cores: [(String, Int64)] = [
    ("0", 0), ("0.0", 0), ("0.5", 500), ("2", 2000), ("0.0001", 1), ("1e-1", 100),
  ]

  @Test("Processors", arguments: cores)
  func processors(text: String, thousandths: Int64) {
    #expect(ComposeAmount.processors(text) == thousandths)
  }

  @Test("Not processors", arguments: ["", "-1", "nan", "inf", "two"])
  func notProcessors(text: String) {
    #expect(ComposeAmount.processors(text) == nil)
  }

  @Test("Not bytes", arguments: ["", "much", "1x", "-1", "1e3", "99999999p"])
  func notBytes(text: String) {
    #expect(ComposeAmount.bytes(text) == nil)
  }

  static let lines: [(String, [String])] = [
    ("a b", ["a", "b"]), ("  a\t b\n", ["a", "b"]), ("'a b' \"c d\"", ["a b", "c d"]), ("a''", ["a"]),
    ("''", [""]), ("a\\ b", ["a b"]), ("\"a\\\"b\"", ["a\"b"]), ("'a\\b'", ["a\\b"]),
    ("a\"b c\"d", ["ab cd"]),
    ("a; b", ["a"]), ("a 2>/dev/null", ["a"]), ("a 'b;c'", ["a", "b;c"]), ("", []),
    ("a $(b c) d", ["a", "$(b c)", "d"]), ("a x$(b 'c;') d", ["a", "x$(b 'c;')", "d"]),
    ("a `b c` d", ["a", "`b c`", "d"]),
    ("a '(b)'", ["a", "(b)"]), ("a 12ab> x", ["a"]), ("a b> x", ["a", "b"]), ("a\\tb", ["atb"]),
    ("a\u{A0}b c", ["a\u{A0}b", "c"]), ("$ $1 a$", ["$", "$1", "a$"]), ("e\"\u{301}\"", ["e\u{301}"]),
  ]

  @Test("Words", arguments: lines)
  func words(line: String, words: [String]) {
    let split = ShellWords(ComposeText(line))
    #expect(split.words.map(\.resolved) == words)
    #expect(split.problem == nil)
  }

  @Test("Lines that end in the middle", arguments: ["\"a", "'a", "a\\", "a `b", "a $(b"])
  func linesThatEndInTheMiddle(line: String) {
    #expect(ShellWords(ComposeText(line)).problem == .open)
  }

  @Test("Lines with parentheses", arguments: ["a (b)", "a )", "$(a (b))"])
  func linesWithParentheses(line: String) {
    #expect(ShellWords(ComposeText(line)).problem == .parenthesis)
  }

  /// A volume in the short form, and its parts.
  struct ShortVolume: Sendable {
    let text: String
    var source: String?
    let target: String
    var options: [String] = []
  }

  static let shortVolumes: [ShortVolume] = [
    ShortVolume(text: "/data", target: "/data"),
    ShortVolume(text: "vol:/data", source: "vol", target: "/data"),
    ShortVolume(text: "vol:/data:ro,z", source: "vol", target: "/data", options: ["ro", "z"]),
    ShortVolume(text: "./a:/b", source: "./a", target: "/b"),
    ShortVolume(text: "C:\\Users\\me:/data", source: "C:\\Users\\me", target: "/data"),
    ShortVolume(text: "c:/x:/data:rw", source: "c:/x", target: "/data", options: ["rw"]),
    ShortVolume(text: "C:\\x:D:\\y:ro", source: "C:\\x", target: "D:\\y", options: ["ro"]),
    ShortVolume(text: "\\\\server\\share:/data", source: "\\\\server\\share", target: "/data"),
    ShortVolume(text: "a:/data", target: "a:/data"),
    ShortVolume(text: "C:\\x", target: "C:\\x"),
    ShortVolume(text: "a:", target: "a:"),
  ]

  @Test("Volumes", arguments: shortVolumes)
  func volumes(_ expected: ShortVolume) {
    let volume = VolumeText(expected.text)
    #expect(volume?.source == expected.source)
    #expect(volume?.target == expected.target)
    #expect(volume?.options == expected.options)
  }

  @Test("Not volumes", arguments: ["", ":/data", "abc:", "vol::ro", "vol:/data:ro:xx", "vol:/data:"])
  func notVolumes(text: String) {
    #expect(VolumeText(text) == nil)
  }

  static let sources: [(String, Bool)] = [
    ("./a", true), ("/a", true), ("~/a", true), ("..", true), ("C:\\a", true), ("c:/a", true),
    ("\\\\.\\pipe\\x", true),
    ("data", false), ("c", false), ("ab:c", false),
  ]

  @Test("Paths of the host", arguments: sources)
  func pathsOfTheHost(source: String, isPath: Bool) {
    #expect(VolumeText.isPath(source) == isPath)
  }

  @Test(
    "Paths",
    arguments: [
      ("a/b", "", "a/b"), ("./a", "x", "x/a"), ("../a", "x", "a"), ("../a", "", "../a"),
      ("/a/./b", "x", "/a/b"),
      ("../../a", "x/y/z", "x/a"), ("a", "../x", "../x/a"), (".", "/w", "/w"), ("/../a", "", "/a"),
    ])
  func paths(path: String, folder: String, resolved: String) {
    #expect(FilePath.resolve(path, in: folder) == resolved)
  }

  @Test(
    "Paths from a folder",
    arguments: [
      ("a/b.conf", "", "a/b.conf"), ("a/b.conf", "a", "b.conf"), ("b.conf", "out/x", "../../b.conf"),
      ("../b.conf", "out", "../../b.conf"), ("a/b.conf", "/w/a", "b.conf"), ("/etc/x", "out", "/etc/x"),
    ])
  func pathsFromAFolder(path: String, folder: String, relative: String) {
    #expect(FilePath.relative(path, to: folder, workingFolder: "/w") == relative)
  }

  /// What docker compose 2.26 prints for them with `config`.
  @Test(
    "Numbers are written anew",
    arguments: [
      ("1.10", "1.1"), ("010", "8"), ("022", "18"), ("08", "8"), ("09.5", "9.5"), ("1_000", "1000"),
      ("0x1F", "31"), ("0b11", "3"), ("0o17", "15"), ("1e3", "1000"), ("1e5", "100000"), ("1e6", "1e+06"),
      ("1e-4", "0.0001"), ("1e-5", "1e-05"), ("123456.7", "123456.7"), ("1234567.5", "1.2345675e+06"),
      (".5", "0.5"), ("5.", "5"), ("1.0", "1"), ("100000000.0", "1e+08"),
      ("12345678901234567890", "12345678901234567890"), ("99999999999999999999", "1e+20"), ("+5", "5"),
      ("-5", "-5"), ("-0", "0"), ("-0.0", "-0"), ("0", "0"), ("007", "7"), ("-010", "-8"),
      ("2024-01-01", "2024-01-01 00:00:00 +0000 UTC"), ("2024-1-2", "2024-01-02 00:00:00 +0000 UTC"),
      ("2024-13-01", "2024-13-01"), ("1.2.3", "1.2.3"), ("12:30", "12:30"), ("True", "true"),
      ("FALSE", "false"), ("yes", "yes"), ("on", "on"), ("1.5e", "1.5e"), ("0x", "0x"), ("0x1G", "0x1G"),
      ("1__0", "10"), ("_1", "_1"), ("1_", "1"), ("0.1", "0.1"), ("3.14159", "3.14159"), ("-2.50", "-2.5"),
      ("0.00012", "0.00012"), ("0.000012", "1.2e-05"), ("1e21", "1e+21"), ("00", "0"), ("0_7", "7"),
      ("+0x10", "16"), ("-0b1", "-1"), (".e1", ".e1"), ("1.e2", "100"), ("+.5", "0.5"), ("0o8", "0o8"),
      ("18446744073709551616", "1.8446744073709552e+19"), ("-9223372036854775808", "-9223372036854775808"),
      ("True1", "True1"),
    ])
  func numbersAreWrittenAnew(text: String, handedOver: String) {
    #expect(ComposeNumber.rewritten(text) == (text == handedOver ? nil : handedOver))
  }
}
