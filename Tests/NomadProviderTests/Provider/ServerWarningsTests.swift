import Testing

@testable import NomadProvider

@Suite("What servers warn of") struct ServerWarningsTests {
  /// As Nomad 1.1.2 warns.
  private static let text = """
    2 warning(s):

    * Group "berth" has warnings: 1 error occurred:
    \t* Update max parallel count is greater than task group count (1 > 0). A destructive change would result in the simultaneous replacement of all allocations.


    * Memory oversubscription is not enabled; Task "instance.cache" memory_max value will be ignored. Update the Scheduler Configuration to allow oversubscription.
    """

  @Test("What berth's own marks bring about is left out, and all else comes in a line each")
  func areTakenApart() {
    #expect(
      ServerWarnings.all(in: Self.text) == [
        #"Memory oversubscription is not enabled; Task "instance.cache" memory_max value will be ignored. Update the Scheduler Configuration to allow oversubscription."#
      ])
    #expect(ServerWarnings.all(in: "") == [])
  }
}
