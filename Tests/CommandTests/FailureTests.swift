import Foundation
import Testing

/// What happens when something goes wrong.
@Suite struct FailureTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  func write(_ command: String) throws -> String {
    try sandbox.write(
      "workload.yaml",
      """
      name: shop
      services:
        - name: api
          command: [/bin/sh, -c, '\(command)']
          stopGrace: 1s
        - name: helper
          role: sidecar
          command: [/bin/sh, -c, 'while :; do sleep 1; done']
          stopGrace: 1s
      """)
  }

  @Test("A failing version ends with its log and the release unmoved")
  func aFailingVersionEndsWithItsLogAndTheReleaseUnmoved() throws {
    let file = try write("while :; do sleep 1; done")
    #expect(try sandbox.berth("apply", "-f", file).status == 0)
    _ = try write("echo out of cheese; exit 3")
    let failed = try sandbox.berth("apply", "-f", file, "--timeout", "20s")
    #expect(failed.status == 1)
    #expect(failed.output.contains("out of cheese"))
    #expect(failed.errors.contains("No release was recorded"))
    #expect(try sandbox.releaseNumbers("shop") == [1])
    #expect(try sandbox.berth("history", "shop").output.contains("failed"))

    // Without --to, a rollback after a failed run means the current release.
    let back = try sandbox.berth("rollback", "shop")
    #expect(back.status == 0, "\(back.output)\(back.errors)")
    #expect(back.output.contains("unfinished"))
    #expect(try sandbox.releaseNumbers("shop") == [1])
    #expect(try sandbox.services("shop")["api"]?["isReady"]?.bool == true)
  }

  @Test("Atomic goes back to the old release") func atomicGoesBackToTheOldRelease() throws {
    let file = try write("while :; do sleep 1; done")
    #expect(try sandbox.berth("apply", "-f", file).status == 0)
    let helper = try sandbox.processIDs("shop")["helper"]
    _ = try write("exit 3")
    let failed = try sandbox.berth("apply", "-f", file, "--atomic", "--timeout", "20s")
    #expect(failed.status == 1)
    #expect(failed.errors.contains("went back to release 1"))
    #expect(try sandbox.services("shop")["api"]?["isReady"]?.bool == true)
    #expect(try sandbox.processIDs("shop")["helper"] == helper)
    #expect(try sandbox.berth("drift", "shop", "--detailed-exitcode").status == 0)
    #expect(try sandbox.releaseNumbers("shop") == [1])
  }

  @Test("A failed first apply with atomic leaves nothing") func aFailedFirstApplyWithAtomicLeavesNothing()
    throws
  {
    let file = try write("exit 3")
    let failed = try sandbox.berth("apply", "-f", file, "--atomic", "--timeout", "20s")
    #expect(failed.status == 1)
    let instances = try FileManager.default.contentsOfDirectory(atPath: sandbox.home + "/local/instances")
    #expect(instances.isEmpty)
  }

  @Test("Bad input is told") func badInputIsTold() throws {
    let cases: [(arguments: [String], text: String)] = [
      (["validate", "-f", "missing.yaml"], "missing.yaml"),
      (["apply", "-f", "missing.yaml"], "missing.yaml"),
      (["plan"], "-f workload.yaml"),
      (["status", "absent"], "there is no workload `absent`"),
      (["history", "absent"], "there is no workload `absent`"),
      (["logs", "absent"], "there is no workload `absent`"),
      (["rollback", "absent"], "absent"),
      (["drift", "absent"], "absent"),
      (["destroy", "absent", "--yes"], "there is no workload `absent`"),
      (["status", "Not_A_Name"], "Not_A_Name"),
      (["status", "shop", "-t", "prod"], "there is no target `prod`"),
      (["status", "shop", "-n", "A B"], "A B"),
      (["explain", "E9999"], "E9999"),
      (["apply", "-f", "x.yaml", "--timeout", "5"], "--timeout"),
    ]
    for (arguments, text) in cases {
      let result = try sandbox.berth(arguments)
      #expect(result.status != 0, "\(arguments)")
      #expect(result.errors.contains(text), "\(arguments): \(result.errors)")
      #expect(result.output.isEmpty, "\(arguments): \(result.output)")
    }
    #expect(!FileManager.default.fileExists(atPath: sandbox.home))
  }

  @Test("Every mistake is told in one run") func everyMistakeIsToldInOneRun() throws {
    try sandbox.write(
      "bad.yaml",
      """
      name: Shop
      services:
        - name: api
          imgae: nginx:1.27
          ports: [{container: 99999}]
      """)
    let text = try sandbox.berth("validate", "-f", "bad.yaml")
    #expect(text.status == 1)
    #expect(text.errors.contains("did you mean `image`?"))
    let json = try sandbox.berth("validate", "-f", "bad.yaml", "--format", "json")
    #expect(json.status == 1)
    let codes = Set(try json.json["diagnostics"]?.list?.compactMap { $0["code"]?.string } ?? [])
    #expect(codes.isSuperset(of: ["E0301", "E0202", "E0304"]))
  }

  @Test("A file from standard input is applied") func aFileFromStandardInputIsApplied() throws {
    let text = try String(contentsOfFile: Sandbox.project + "/examples/hello/workload.yaml", encoding: .utf8)
    #expect(try sandbox.berth("apply", "-f", "-", input: text).status == 0)
    let found = try eventually { try sandbox.berth("logs", "hello").output.contains("hello from hello") }
    #expect(found)
  }
}
