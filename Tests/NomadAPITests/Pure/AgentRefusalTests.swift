import Testing
import Wire

@testable import NomadAPI

@Suite struct AgentRefusalTests {
  private func error(
    _ status: Int, _ text: String, reading: Bool = true, wait: Int64? = nil, token: String? = "s"
  ) throws -> NomadError {
    let access = NomadAccess(
      server: try ServerAddress("http://127.0.0.1:4646", schemes: [.http]), token: token,
      source: "the target n")
    return AgentRefusal(
      status: status, reasonPhrase: "X", text: text, wait: wait, location: nil, isReading: reading
    ).error(of: access)
  }

  @Test(
    "What an agent says is kept, and told what it is",
    arguments: [
      (403, "Permission denied", NomadError.Reason.forbidden), (404, "job not found", .notFound),
      (404, "", .unsupported), (404, "No path to node", .unavailable),
      (501, "Nomad Enterprise only endpoint", .unsupported),
      (404, "ACL token not found", .forbidden),
      (500, "1 error occurred:\n\t* Missing job datacenters\n\n", .invalid),
      (500, "No cluster leader", .unavailable),
      (500, "rpc error: EOF", .unavailable), (500, "deployment not found", .notFound),
      (500, "job \"web\" not found", .notFound), (500, "can't promote terminal deployment", .invalid),
      (
        500, "Enforcing job modify index 7: job exists with conflicting job modify index: 12",
        .conflict(index: 12)
      ),
      (500, "Enforcing job modify index 0: job already exists", .conflict(index: nil)),
      (500, "Enforcing job modify index 7: job does not exist", .conflict(index: nil)),
      (409, #"{"Path":"a","ModifyIndex":31}"#, .conflict(index: 31)),
      (400, "Job must be specified", .invalid),
      (502, "<html>", .unavailable), (503, "", .unavailable), (413, "request body too large", .invalid),
    ])
  func whatAnAgentSaysIsKept(_ status: Int, _ text: String, _ reason: NomadError.Reason) throws {
    let error = try error(status, text)
    #expect(error.reason == reason)
    #expect(error.status == status)
    if !text.isEmpty, !text.hasPrefix("<"), status != 409 {
      #expect(error.message.contains(text.split(separator: "\n").last.map { $0.drop { $0 == "\t" } } ?? ""))
    }
  }

  @Test("Several rules that are broken stand in one line") func severalRules() throws {
    let error = try error(
      500, "2 errors occurred:\n\t* Missing job datacenters\n\t* Missing job task groups\n\n")
    #expect(
      error.message
        == "Nomad refuses: 2 errors occurred: * Missing job datacenters * Missing job task groups")
    #expect(!error.mayPass)
    #expect(!error.mayHaveBeenDone)
  }

  @Test(
    "What may have been done says so",
    arguments: [
      ("leadership lost while committing log", true), ("No cluster leader", false), ("rpc error: EOF", true),
      ("Missing job ID", false),
    ])
  func whatMayHaveBeenDone(_ text: String, _ mayHaveBeenDone: Bool) throws {
    #expect(try error(500, text, reading: false).mayHaveBeenDone == mayHaveBeenDone)
    #expect(try !error(500, text, reading: true).mayHaveBeenDone)
  }

  @Test("An agent that has too much to do is asked again") func tooMuch() throws {
    let error = try error(429, "Too Many Requests", wait: 3)
    #expect(error.isOverload && error.mayPass)
    #expect(error.retryAfter == .seconds(3))
  }

  @Test("A refusal says what to do") func whatToDo() throws {
    #expect(try error(403, "Permission denied", token: nil).help?.contains("NOMAD_TOKEN") == true)
    #expect(try error(403, "ACL token not found").help?.contains("has expired") == true)
    #expect(try error(403, "Permission denied").help?.contains("capability") == true)
    #expect(try error(404, "").help?.contains("version") == true)
  }
}
