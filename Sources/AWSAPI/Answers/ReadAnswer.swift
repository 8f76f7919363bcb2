import Values
import Wire

extension Answer {
  /// The answer as XML.
  ///
  /// - Throws: ``AWSError`` if it makes no sense. What was asked for was done all the same.
  package func xml() throws(AWSError) -> AnswerElement {
    if let root = AnswerElement(parsing: body.readableBytesView) { return root }
    throw AWSError(
      "the service's answer makes no sense: it is not the XML that was asked for",
      help: "check that the endpoint is that of the service, and that no proxy in between answers",
      mayHaveBeenDone: true)
  }

  /// The answer as JSON.
  ///
  /// - Throws: ``AWSError`` if it makes no sense.
  package func json(_ what: String) throws(AWSError) -> JSON {
    do throws(JSONFailure) { return try JSON(parsing: body) } catch {
      throw AWSError(
        "\(what) answers what makes no sense: at byte \(error.offset), \(error.message)",
        help: "check that no proxy in between answers")
    }
  }
}
