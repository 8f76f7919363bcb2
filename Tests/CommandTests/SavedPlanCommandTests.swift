import Foundation
import Testing
import WorkloadSpec

/// `plan --out` and `apply plan.json` with the real program.
@Suite struct SavedPlanCommandTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    sandbox.environment["SHOP_TOKEN"] = "planted-7f3a9"
  }

  @discardableResult
  func write(_ name: String, greeting: String) throws -> String {
    try sandbox.write(
      "\(name).yaml",
      """
      name: \(name)
      services:
        - name: main
          command: [/bin/sh, -c, 'while :; do sleep 1; done']
          env: {GREETING: \(greeting)}
          secrets: [{key: 'env:SHOP_TOKEN', type: env, as: TOKEN}]
          stopGrace: 1s
      """)
  }

  func save(_ names: String...) throws {
    let result = try sandbox.berth(
      ["plan", "--out", "plan.json"] + names.flatMap { ["-f", "\($0).yaml"] })
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test("A saved plan is carried out once and exactly") func aSavedPlanIsCarriedOutOnceAndExactly() throws {
    try write("shop", greeting: "one")
    let early = try sandbox.berth("plan", "-f", "shop.yaml", "--out", "plan.json")
    #expect(early.status == 1 && early.errors.contains("E0723"), "\(early.errors)")
    #expect(sandbox.contents("plan.json") == nil)
    #expect(!FileManager.default.fileExists(atPath: sandbox.home))

    #expect(try sandbox.berth("apply", "-f", "shop.yaml").status == 0)
    try write("shop", greeting: "two")
    try write("till", greeting: "two")
    try save("shop", "till")
    let file = sandbox.folder + "/plan.json"
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(sandbox.contents("plan.json")?.contains("planted") == false)
    let left = try FileManager.default.contentsOfDirectory(atPath: sandbox.folder)
    #expect(left.filter { $0.hasPrefix("plan.json") } == ["plan.json"])

    // What the files say by now is not what was saved.
    try write("shop", greeting: "three")
    let applied = try sandbox.berth("apply", "plan.json")
    #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
    #expect(applied.output.contains("DURATION"))
    for name in ["shop", "till"] {
      try write(name, greeting: "two")
      #expect(try sandbox.berth("plan", "-f", "\(name).yaml", "--detailed-exitcode").status == 0)
    }
    #expect(try sandbox.releaseNumbers("shop") == [1, 2])
    #expect(try sandbox.releaseNumbers("till") == [1])
    #expect(try sandbox.berth("apply", "plan.json").status == 0)
    #expect(try sandbox.releaseNumbers("shop") == [1, 2])

    try write("shop", greeting: "three")
    #expect(try sandbox.berth("apply", "-f", "shop.yaml").status == 0)
    let stale = try sandbox.berth("apply", "plan.json")
    #expect(stale.status == 4 && stale.errors.contains("E0706"), "\(stale.errors)")
  }

  @Test("What is not as it was saved is refused") func whatIsNotAsItWasSavedIsRefused() throws {
    try write("shop", greeting: "one")
    #expect(try sandbox.berth("apply", "-f", "shop.yaml").status == 0)
    try write("shop", greeting: "two")
    try save("shop")
    let text = try #require(sandbox.contents("plan.json"))
    try sandbox.write("altered.json", text.replacing("\"two\"", with: "\"owned\""))
    let other = try Sandbox()
    try other.write("plan.json", text)
    let cases: [(Sandbox, [String], String)] = [
      (sandbox, ["apply", "altered.json"], "E0721"), (other, ["apply", "plan.json"], "E0722"),
      (sandbox, ["apply", "shop.yaml"], "E0720"), (sandbox, ["apply", "none.json"], "none.json"),
      (sandbox, ["apply", "plan.json", "-f", "shop.yaml"], "takes no -f"),
    ]
    for (sandbox, arguments, words) in cases {
      let result = try sandbox.berth(arguments)
      #expect(result.status != 0 && result.errors.contains(words), "\(arguments): \(result.errors)")
    }
    #expect(try sandbox.releaseNumbers("shop") == [1])
  }

  @Test("A killed run of it goes on") func aKilledRunOfItGoesOn() throws {
    try write("shop", greeting: "one")
    #expect(try sandbox.berth("apply", "-f", "shop.yaml").status == 0)
    try sandbox.write(
      "shop.yaml",
      """
      name: shop
      services:
        - name: main
          command: [/bin/sh, -c, 'touch \(sandbox.folder)/started; while :; do sleep 1; done']
          healthCheck: {command: [test, -e, \(sandbox.folder)/ready], interval: 100ms}
          stopGrace: 1s
        - name: helper
          role: sidecar
          command: [/bin/sh, -c, 'while :; do sleep 1; done']
          stopGrace: 1s
      """)
    try save("shop")
    let process = try sandbox.start(["apply", "plan.json"])
    #expect(eventually { sandbox.contents("started") != nil })
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try sandbox.write("ready", "")
    let again = try sandbox.berth("apply", "plan.json")
    #expect(again.status == 0, "\(again.output)\(again.errors)")
    #expect(try sandbox.releaseNumbers("shop") == [1, 2])
    #expect(try sandbox.berth("plan", "-f", "shop.yaml", "--detailed-exitcode").status == 0)
  }
}
