import Values
import Wire

extension Answer {
  /// The answer as JSON.
  ///
  /// - Throws: ``NomadError`` if it is none. What was asked for was done all the same.
  func json() throws -> JSON {
    do throws(JSONFailure) {
      return try JSON(parsing: body)
    } catch {
      throw NomadError(
        "the agent's answer makes no sense: at byte \(error.offset), \(error.message)",
        help: "check that a Nomad agent is there, and that no proxy in between answers",
        mayHaveBeenDone: true)
    }
  }

  /// The elements of a list; none if the answer is `null`, as some agents write an empty one.
  func list() throws -> [JSON] {
    let json = try json()
    if json.isNull { return [] }
    guard let elements = json.array else { throw Self.senseless("a list was asked for, and none is given") }
    return elements
  }

  /// An object.
  func object() throws -> JSON {
    let json = try json()
    guard json.members != nil else { throw Self.senseless("an object was asked for, and none is given") }
    return json
  }

  /// The state that the answer is of; 0 if it does not say.
  var index: UInt64 { headers.first(name: "X-Nomad-Index").flatMap { UInt64($0) } ?? 0 }

  private static func senseless(_ reason: String) -> NomadError {
    NomadError(
      "the agent's answer makes no sense: \(reason)",
      help: "check that a Nomad agent is there, and that no proxy in between answers", mayHaveBeenDone: true)
  }
}
