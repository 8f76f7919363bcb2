import Foundation
import TestSupport
import Testing

/// The pictures of a terminal that the documentation shows.
@Suite("Pictures in the documentation show what a terminal shows")
struct PictureDocumentTests {
  @Test("The README's picture is of a real plan: a drifted file, and a changed variable")
  func plan() throws {
    let sandbox = try Sandbox()
    sandbox.environment = ["TERM": "xterm-256color", "NO_COLOR": ""]
    let file = Sandbox.project + "/examples/web/workload.yaml"
    #expect(try sandbox.berth("apply", "-f", file, "--yes").status == 0)
    defer { _ = try? sandbox.berth("destroy", "web", "--volumes", "--yes") }

    let page = try #require(sandbox.homeFiles().keys.first { $0.hasSuffix("/www/index.html") })
    let path = sandbox.home + "/" + page
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    try "<p>hacked\n".write(toFile: path, atomically: false, encoding: .utf8)

    let terminal = try PseudoTerminal(columns: 100, rows: 40)
    let process = try sandbox.start(["plan", "-f", file, "--var", "tick=1"], on: terminal)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(eventually { terminal.text.contains("Interrupts: ") && terminal.text.hasSuffix("\r\n") })

    let command = "\u{1B}[2m$\u{1B}[0m \u{1B}[1mberth plan -f web.yaml --var tick=1\u{1B}[0m\n"
    let made = TerminalPicture(
      of: command + terminal.text.trimmingCharacters(in: .newlines),
      title: "berth plan: web is restarted because a file drifted, clock because the spec changed"
    ).svg
    let kept = try GeneratedText.kept(at: Sandbox.project + "/docs/pictures/plan.svg", made: made)
    #expect(kept == made, "write it anew by `make docs`")
  }
}
