import Diagnostics
import Testing

@testable import WorkloadSpec

/// How references to addresses are written, found in texts and filled in.
@Suite struct AddressReferenceTests {
  @Test(
    "It is read and written back",
    arguments: [
      ("address.db.5432", AddressReference(.address, of: "db", port: 5432)),
      ("port.db.1", AddressReference(.port, of: "db", port: 1)),
      ("host.my-cache", AddressReference(.host, of: "my-cache", port: nil)),
      ("address.orders/db.65535", AddressReference(.address, of: "db", workload: "orders", port: 65535)),
      ("host.orders/db", AddressReference(.host, of: "db", workload: "orders", port: nil)),
    ])
  func itIsReadAndWrittenBack(_ name: String, _ reference: AddressReference) {
    #expect(AddressReference(name) == reference)
    #expect(reference.name == name)
  }

  @Test(
    "What is not one is none",
    arguments: [
      "address", "address.", "address.db", "address.db.", "address.db.0", "address.db.65536",
      "address.db.05432",
      "address.db.5432-5440", "address.db.http", "address.DB.5432", "address.a/b/c.1", "address./db.1",
      "address.a/.1", "address.-db.1", "host", "host.", "host.db.5432", "host.Db", "port.db", "addr.db.1",
      "address.db.+1", "address.db. 1",
    ])
  func whatIsNotOneIsNone(_ name: String) { #expect(AddressReference(name) == nil) }

  @Test("Those of a text are found in order") func thoseOfATextAreFoundInOrder() {
    let text = "a ${address.db.1} $${address.db.2} ${host.x}${port.y/z.3} ${address.db} ${root} $ ${"
    #expect(AddressReference.all(in: text).map(\.name) == ["address.db.1", "host.x", "port.y/z.3"])
    #expect(AddressReference.all(in: "no dollar").isEmpty)
  }

  @Test("What is not known stays") func whatIsNotKnownStays() {
    let text = "${root}/a ${address.db.1} $${address.db.1} $${root} $$ ${host.q} ${other} $${other}"
    let filled = Interpolation.fill(text) { ["root": "/r", "address.db.1": "h:1"][$0] }
    #expect(filled == "/r/a h:1 ${address.db.1} ${root} $$ ${host.q} ${other} $${other}")
  }

  @Test("A text of a file is taken as it is") func aTextOfAFileIsTakenAsItIs() {
    for text in ["${address.db.1}", "${root} ${host.db}", "$${port.db.1}", "plain", "${x}", "$"] {
      #expect(Interpolation.fill(Interpolation.escapeForProvider(text)) { _ in "?" } == text)
    }
  }

  @Test("Braces that are never closed cost no more than their length", .timeLimit(.minutes(5)))
  func openBracesAreCheap() {
    for opening in ["${", "$${ ", "${address.db.", "$$${root"] {
      let text = String(repeating: opening, count: 50_000) + "}"
      #expect(Interpolation.fill(text) { _ in "x" }.utf8.count > 50_000)
      #expect(AddressReference.all(in: text).isEmpty)
      #expect(Interpolation.escapeForProvider(text).utf8.count >= text.utf8.count)
    }
  }

  @Test(
    "What variables fill in never adds up to a reference, nor undoes one",
    arguments: [
      "${var.d}{address.a.1}", "${var.d}${address.a.1}", "${var.d}{root}",
    ])
  func variablesNeverAddUp(_ text: String) {
    let loaded = Loaded(
      "name: a\nvariables: [{name: d, default: \"$\"}]\nservices: [{name: a, command: [x, '\(text)'], ports: [{container: 1}]}]\n"
    )
    #expect(loaded.result.diagnostics.map(\.code) == [.badInterpolation], "\(loaded.messages)")
  }

  @Test("A reference that a variable holds stands only where one may stand")
  func aVariableHoldsAReference() {
    func load(_ field: String) -> [DiagnosticCode] {
      Loaded(
        "name: a\nvariables: [{name: d, default: '${port.a.1}'}]\nservices: [{name: a, command: [x], ports: [{container: 1}], \(field)}]\n"
      ).result.diagnostics.map(\.code)
    }
    #expect(load("env: {A: '${var.d}'}") == [])
    #expect(load("workingDir: '/${var.d}'") == [.badInterpolation])
  }
}
