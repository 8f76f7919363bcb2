import Foundation
import Testing
import WorkloadSpec

@testable import BerthCommands

@Suite("berth plan shows an id, and berth apply --expect does that or nothing")
struct ExpectCommandTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  private func write(_ greeting: String) throws {
    try sandbox.write(
      "shop.yaml",
      """
      name: shop
      services:
        - name: main
          command: [/bin/sh, -c, 'while :; do sleep 1; done']
          env: {GREETING: \(greeting)}
          stopGrace: 1s
      """)
  }

  @Test("What was reviewed is done once; another spec is refused with nothing done")
  func reviewed() throws {
    defer { _ = try? sandbox.berth("destroy", "shop", "--yes") }
    try write("one")
    let plan = try sandbox.berth("plan", "-f", "shop.yaml", "--format", "json").json
    let id = try #require(plan["id"]?.string)
    let review = try sandbox.berth(
      "plan", "-f", "shop.yaml", "--detailed-exitcode", "--format=markdown")
    #expect(review.status == 2)
    #expect(review.output.hasPrefix("<!-- berth plan local/default -->\n"))
    #expect(review.output.contains("\nberth apply -f shop.yaml --expect \(id)\n"))

    try write("two")
    let other = try sandbox.berth("apply", "-f", "shop.yaml", "--expect", id)
    #expect(other.status == 4 && other.errors.contains("E0706"), "\(other.errors)")
    #expect(try sandbox.berth("status", "shop").status != 0)

    try write("one")
    #expect(try sandbox.berth("apply", "-f", "shop.yaml", "--expect", id).status == 0)
    #expect(try sandbox.berth("apply", "-f", "shop.yaml", "--expect", id).status == 0)
    #expect(try sandbox.releaseNumbers("shop") == [1])
  }

  @Test("An id that can be none, and one beside a saved plan, are mistakes of the command line")
  func mistakes() throws {
    try write("one")
    #expect(try sandbox.berth("apply", "-f", "shop.yaml", "--expect", "soon").status == 64)
    let id = String(repeating: "0", count: 32)
    #expect(try sandbox.berth("apply", "plan.json", "--expect", id).status == 64)
  }

  @Test(
    "The command of the footer is that of the plan, without what a plan alone takes",
    arguments: [
      (["berth", "plan", "-f", "a.yaml", "--format", "markdown"], "berth apply -f a.yaml"),
      (["/usr/bin/berth", "plan", "--out", "p", "-f", "a", "-t", "prod"], "berth apply -f a -t prod"),
      (["berth", "plan", "--format=markdown", "--detailed-exitcode", "-f", "a"], "berth apply -f a"),
    ])
  func words(_ arguments: [String], _ expected: String) {
    #expect(ApplyWords.words(of: arguments).joined(separator: " ") == expected)
  }
}
