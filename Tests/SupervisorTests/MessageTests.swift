import Testing
import Values

@testable import Supervisor

/// What goes between berth and a supervisor, and what both write down.
@Suite struct MessageTests {
  /// Supervisors run for months: the next berth must write, and read, what the one before did.
  @Test(
    "Each message is, byte for byte, what berth 0.1 sends, and is read as it was written",
    arguments: ["put", "put-plain", "record", "before"])
  func messagesStayAsTheyAre(name: String) throws {
    let known = try #require(try Files.read(#filePath.dropLastPart + "/Messages/\(name).json"))
    let text = String(decoding: known.dropLast(), as: UTF8.self)
    let value = try Value(json: text)
    let (written, again) =
      switch name {
      case "put":
        (SupervisorRequest.put(Messages.definition, .replace).json, try SupervisorRequest(json: value).json)
      case "put-plain":
        (SupervisorRequest.put(Messages.plain[0], .update).json, try SupervisorRequest(json: value).json)
      case "record": (SupervisorReply.record(Messages.instance).json, try SupervisorReply(json: value).json)
      default:
        (
          InstanceRecord(
            namespace: "n", workload: "w",
            place: InstancePlace(ordinal: 0, generation: 0, isBefore: true)
          ).json, try InstanceRecord(json: value).json
        )
      }
    #expect(CanonicalJSON.compact(written) == text)
    #expect(CanonicalJSON.compact(again) == text)
  }

  @Test(
    "What later versions know is, byte for byte, what the first of them sends, and is read as it was written")
  func whatLaterVersionsKnowStaysAsItIs() throws {
    var definition = Messages.plain[2]
    definition.running.maxRestarts = 5
    let written = CanonicalJSON.compact(definition.json)
    #expect(
      written
        == CanonicalJSON.compact(Messages.plain[2].json).replacing(
          #""check":"#, with: #""maxRestarts":5,"check":"#))
    #expect(CanonicalJSON.compact(try ServiceDefinition(json: try Value(json: written)).json) == written)
    let told = definition.running.json
    #expect(told["maxRestarts"] == 5)
    #expect(try RunningDefinition(json: told) == definition.running)
  }

  /// An older berth sends volumes as links among the files, and nothing of what was before.
  @Test("A definition of an older berth is understood") func aDefinitionOfAnOlderBerthIsUnderstood() throws {
    let text = """
      {"record": {"name": "api", "state": "stopped", "ready": false, "restarts": 0, "since": 5, "attemptedAt": 4,
        "init": false, "dependencies": [], "ports": [], "run": "r", "digest": "d", "secretDigests": {},
        "labels": {}, "spec": {}},
        "command": ["x"], "environment": [], "secretEnvironment": [], "restart": "always", "stopGrace": 1,
        "items": [
          {"place": {"base": "/root", "path": ["srv", "data"]}, "link": "/volumes/data"},
          {"place": {"base": "/volumes/data", "path": ["in"]}, "link": "/volumes/inner"},
          {"place": {"base": "/root", "path": ["file"]}, "bytes": "00", "mode": 256}],
        "obsolete": [{"base": "/root", "path": ["old"]}]}
      """
    let definition = try ServiceDefinition(json: try Value(json: text))
    #expect(definition.volumes.map(\.path) == [["srv", "data"], ["srv", "data", "in"]])
    #expect(definition.volumes.map(\.location.folder) == ["/volumes/data", "/volumes/inner"])
    #expect(definition.former == nil)
    #expect(definition.items.map(\.place.path) == [["file"]])
    #expect(definition.obsolete.map(\.place.path) == [["old"]])
  }

  @Test(
    "A request that makes no sense is not taken for one",
    arguments: ["{}", "{\"request\": \"dance\"}", "{\"request\": \"wait\"}", "[]", "1"])
  func aRequestThatMakesNoSenseIsNotTakenForOne(text: String) throws {
    let value = try Value(json: text)
    #expect(throws: MalformedMessage.self) { try SupervisorRequest(json: value) }
    #expect(throws: MalformedMessage.self) { try SupervisorReply(json: value) }
  }
}
