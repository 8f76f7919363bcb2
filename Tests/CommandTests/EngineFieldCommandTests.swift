import Foundation
import Testing
import WorkloadSpec

/// What is said on Docker in a spec that is applied to this machine.
@Suite struct EngineFieldCommandTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  private func write(_ block: String) throws {
    try sandbox.write(
      "shop.yaml",
      """
      name: shop
      services:
        - name: main
          command: [/bin/sh, -c, 'while :; do sleep 1; done']
          stopGrace: 1s
          on: \(block)
      """)
  }

  @Test("What is said on another engine is recorded and touches nothing")
  func whatIsSaidOnAnotherEngineIsRecordedAndTouchesNothing() throws {
    try write("{docker: {cpuShares: 512}}")
    let first = try sandbox.berth("apply", "-f", "shop.yaml")
    #expect(first.status == 0, "\(first.output)\(first.errors)")
    #expect(try sandbox.berth("plan", "-f", "shop.yaml", "--detailed-exitcode").status == 0)
    let before = try sandbox.berth("status", "shop", "--format", "json").json["instances"]

    try write("{docker: {cpuShares: 256, domainName: shop.test}}")
    let plan = try sandbox.berth("plan", "-f", "shop.yaml", "--format", "json")
    let actions = try plan.json["plans"]?.list?.first?["actions"]?.list ?? plan.json["actions"]?.list
    #expect(actions?.map { $0["kind"]?.string } == ["record"], "\(plan.output)")
    let second = try sandbox.berth("apply", "-f", "shop.yaml")
    #expect(second.status == 0, "\(second.output)\(second.errors)")
    #expect(before != nil)
    #expect(try sandbox.berth("status", "shop", "--format", "json").json["instances"] == before)

    let diff = try sandbox.berth("diff", "shop", "1", "2")
    #expect(
      diff.output.contains("~ on.docker.cpuShares") && diff.output.contains("512 → 256"),
      "\(diff.output)\(diff.errors)")
    #expect(diff.output.contains("on.docker.domainName"), "\(diff.output)")
    let back = try sandbox.berth("rollback", "shop", "--to", "1", "--yes")
    #expect(back.status == 0, "\(back.output)\(back.errors)")
    #expect(try sandbox.berth("history", "shop").output.contains("on.docker.cpuShares"))
    let explained = try sandbox.berth(
      "render", "-f", "shop.yaml", "--explain", "services[main].on.docker.cpuShares")
    #expect(explained.output.contains("shop.yaml:6:"), "\(explained.output)\(explained.errors)")
  }

  @Test("What is wrong on any engine is told with all else") func whatIsWrongOnAnyEngineIsToldWithAllElse()
    throws
  {
    try write("{docker: {cpuShare: 512}, swarm: {}}")
    let result = try sandbox.berth("validate", "-f", "shop.yaml")
    #expect(result.status == 1)
    let text = result.output + result.errors
    #expect(text.contains("E0202") && text.contains("did you mean `cpuShares`?"), "\(text)")
    let known = "the providers are `docker`, `kubernetes`, `local`, `mock`, `nomad`, `tmux`"
    #expect(text.contains("E0709") && text.contains(known), "\(text)")
  }
}
