import Foundation
import Testing
import Values

/// What `berth logs` passes on of what services write, and when following ends.
@Suite struct LogsCommandTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  // MARK: Bytes

  /// Applies a workload `shop` whose service writes something and goes on.
  private func apply(_ script: String, replicas: Int = 1, more: String = "") throws {
    let file = try sandbox.write(
      "shop.yaml",
      """
      name: shop
      replicas: \(replicas)
      services:
        - name: api
          command: [/bin/sh, -c, '\(script); touch done; exec sleep 1000']
          healthCheck: {command: [test, -e, done], interval: 100ms}
          stopGrace: 1s
      \(more)
      """)
    let result = try sandbox.berth("apply", "-f", file)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  /// The bytes that a command of the shell writes; `berth` is the program.
  private func bytes(_ command: String) throws -> [UInt8] {
    let result = try sandbox.shell("berth() { '\(Sandbox.program)' \"$@\"; }; { \(command); } > bytes")
    #expect(result.status == 0, "\(result.errors)")
    return Array(FileManager.default.contents(atPath: sandbox.folder + "/bytes") ?? Data())
  }

  /// Without its quotes, as a shell's `printf` takes it: colours, no UTF-8, a zero, a carriage return and line break.
  private static let script = #"printf "\033[31mred\033[0m\nlat\351in1\000 a\rb\r\n  end  \n""#
  private static let written: [[UInt8]] = [
    Array("\u{1B}[31mred\u{1B}[0m".utf8), Array("lat".utf8) + [0xE9] + Array("in1\u{0} a\rb\r".utf8),
    Array("  end  ".utf8),
  ]

  @Test("A pipe gets what a service wrote, byte by byte, behind the origin of each line")
  func programsGetEveryByte() throws {
    try apply(Self.script)
    let expected = Self.written.flatMap { line -> [UInt8] in Array("0.api | ".utf8) + line + [10] }
    #expect(try bytes("berth logs shop | cat") == expected)
    #expect(try bytes("berth logs shop --raw") == expected)
  }

  @Test("A terminal is shown what it would obey as escapes, and gets it as it is with --raw")
  func terminalsAreProtected() throws {
    try apply(Self.script)
    let terminal = try PseudoTerminal(columns: 200, rows: 24)
    try sandbox.start(["logs", "shop"], on: terminal).waitUntilExit()
    #expect(eventually { terminal.text.contains(#"\u{1B}[31mred\u{1B}[0m"#) }, "\(terminal.text)")
    #expect(eventually { terminal.text.contains(#"lat\xE9in1\u{00} a\rb"# + "\r\n") }, "\(terminal.text)")
    let raw = try PseudoTerminal(columns: 200, rows: 24)
    try sandbox.start(["logs", "shop", "--raw"], on: raw).waitUntilExit()
    #expect(eventually { raw.text.contains("\u{1B}[31mred\u{1B}[0m") }, "\(raw.text)")
  }

  @Test("As JSON, a line that is no UTF-8 is given as bytes")
  func linesAreObjects() throws {
    try apply(Self.script)
    let lines = try sandbox.berth("logs", "shop", "--format", "json").output.split(separator: "\n").map {
      try Value(json: String($0))
    }
    #expect(lines.map { $0["text"]?.string } == ["\u{1B}[31mred\u{1B}[0m", nil, "  end  "])
    #expect(lines.compactMap { $0["bytes"]?.string } == [Base64.encode(Self.written[1])])
    #expect(lines.allSatisfy { $0["service"] == "api" && $0["instance"] == "0" && $0["stream"] == "stdout" })
  }

  @Test("A part that is not there is named in the same words by each command")
  func whatIsNotThereIsNamed() throws {
    try apply(Self.script)
    for verb in ["logs", "exec", "stop"] {
      let end = verb == "exec" ? ["--", "true"] : []
      let unknown = try sandbox.berth([verb, "shop", "--instance", "7"] + end)
      #expect(unknown.status == 1)
      #expect(unknown.errors.contains("error[E0613]: `shop` has no instance 7"), "\(unknown.errors)")
      #expect(unknown.errors.contains("its instances are 0"), "\(unknown.errors)")
      let service = try sandbox.berth([verb, "shop", "--service", "apy"] + end)
      #expect(service.errors.contains("`shop` has no service `apy`"), "\(service.errors)")
      #expect(service.errors.contains("did you mean `api`?"), "\(service.errors)")
    }
    // One of several that is not there is told, too.
    #expect(try sandbox.berth("logs", "shop", "--instance", "0", "--instance", "7").status == 1)
  }

  @Test(
    "A line of any length is one line with one origin, and counts as one",
    arguments: [16 * 1024, 16 * 1024 + 1, 120_000, 3 << 20])
  func longLinesAreWhole(length: Int) throws {
    try apply("echo first; head -c \(length) /dev/zero | tr \"\\000\" y; echo; echo last")
    let long = "0.api | " + String(repeating: "y", count: length)
    #expect(
      String(decoding: try bytes("berth logs shop"), as: UTF8.self)
        == "0.api | first\n\(long)\n0.api | last\n")
    #expect(
      String(decoding: try bytes("berth logs shop --tail 2"), as: UTF8.self) == "\(long)\n0.api | last\n")
    #expect(try bytes("berth logs shop --tail 1") == Array("0.api | last\n".utf8))
  }

  @Test("Lines of several services are whole, however they are written at the same time")
  func linesOfServicesAreNotTorn() throws {
    func script(_ letter: String) -> String {
      #"for i in 1 2 3 4 5; do head -c 60000 /dev/zero | tr "\000" \#(letter); echo; done"#
    }
    try apply(
      script("a"),
      more: """
          - name: side
            role: sidecar
            command: [/bin/sh, -c, '\(script("b")); exec sleep 1000']
            stopGrace: 1s
        """)
    let whole = try eventually {
      try sandbox.berth("logs", "shop").output.split(separator: "\n").count == 10
    }
    #expect(whole)
    for text in try sandbox.berth("logs", "shop").output.split(separator: "\n") {
      let body = text.drop { $0 != "|" }.dropFirst(2)
      #expect(body.count == 60000 && Set(body).count == 1, "\(text.prefix(40))")
    }
  }

  // MARK: Following

  private func workload(_ word: String, replicas: Int = 1, side: Bool = false) throws -> String {
    let more =
      side
      ? """
        - name: side
          role: sidecar
          command: [/bin/sh, -c, 'echo side; exec sleep 1000']
          stopGrace: 1s
      """ : ""
    return try sandbox.write(
      "shop.yaml",
      """
      name: shop
      replicas: \(replicas)
      services:
        - name: api
          command: [/bin/sh, -c, 'trap "echo bye \(word); exit" TERM; echo \(word); while :; do sleep 0.1; done']
          stopGrace: 5s
      \(more)
      """)
  }

  private func berth(_ arguments: String...) throws {
    let result = try sandbox.berth(arguments)
    #expect(result.status == 0, "\(arguments): \(result.output)\(result.errors)")
  }

  /// Starts to follow, and waits for a first line.
  private func follow(_ arguments: String..., until text: String) throws -> Process {
    let process = try sandbox.start(["logs", "shop", "--follow"] + arguments, transcript: "lines")
    #expect(eventually { sandbox.contents("lines")?.contains(text) == true })
    return process
  }

  @Test("Following ends when the workload is destroyed, with all that its services wrote", arguments: [1, 3])
  func followingEndsWithTheWorkload(replicas: Int) throws {
    try berth("apply", "-f", workload("one", replicas: replicas))
    let process = try follow(until: "\(replicas - 1).api | one")
    try berth("destroy", "shop", "--yes")
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    let lines = try #require(sandbox.contents("lines"))
    for number in 0..<replicas { #expect(lines.contains("\(number).api | bye one\n"), "\(lines)") }
  }

  @Test("Following goes on over a restart, a stop, a replacement and none at all")
  func followingGoesOn() throws {
    try berth("apply", "-f", workload("one"))
    let process = try follow(until: "one")
    func expect(_ text: String, _ count: Int = 1) {
      let isThere = eventually {
        (sandbox.contents("lines") ?? "").split(separator: "\n").filter { $0.hasSuffix("| \(text)") }.count
          >= count
      }
      #expect(isThere, "\(text): \(sandbox.contents("lines") ?? "")")
      #expect(process.isRunning)
    }
    try berth("restart", "shop")
    expect("one", 2)
    try berth("stop", "shop")
    expect("bye one", 2)
    try berth("start", "shop")
    expect("one", 3)
    try berth("apply", "-f", workload("two"))
    expect("two")
    try berth("scale", "shop", "--replicas", "0")
    expect("bye two")
    // Long enough to look whether it is still there.
    sleep(3)
    #expect(process.isRunning)
    try berth("scale", "shop", "--replicas", "2")
    expect("two", 3)
    try berth("destroy", "shop", "--yes")
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test("Following a service ends when a release has it no more")
  func followingEndsWithTheService() throws {
    try berth("apply", "-f", workload("one", side: true))
    let process = try follow("--service", "side", until: "side")
    try berth("apply", "-f", workload("one"))
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
  }

  @Test("What is scaled to nothing can be followed; what is not there, or was destroyed, can't")
  func whatIsNotThereIsNotFollowed() throws {
    let unknown = try sandbox.berth("logs", "shop", "--follow")
    #expect(unknown.status == 1 && unknown.errors.contains("E0708"), "\(unknown.errors)")
    try berth("apply", "-f", workload("one"))
    try berth("scale", "shop", "--replicas", "0")
    try berth("logs", "shop")
    let process = try sandbox.start(["logs", "shop", "--follow"], transcript: "lines")
    sleep(3)
    #expect(process.isRunning)
    try berth("scale", "shop", "--replicas", "1")
    #expect(eventually { sandbox.contents("lines")?.contains("one") == true })
    try berth("destroy", "shop", "--yes")
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let destroyed = try sandbox.berth("logs", "shop", "--follow")
    #expect(destroyed.status == 1 && destroyed.errors.contains("E0708"), "\(destroyed.errors)")
  }
}
