import Planning
import Testing
import WorkloadSpec

@testable import LocalProvider
@testable import Supervisor

/// What is a word of the supervisor's protocol and of the language.
@Suite struct SupervisorWordTests {
  private func words<Word: CaseIterable & RawRepresentable<String>>(_: Word.Type) -> Set<String> {
    Set(Word.allCases.map(\.rawValue))
  }

  @Test("Each word of the language is one of the supervisor's, and the other way round")
  func wordsAreSpelledAlike() {
    #expect(words(RestartPolicy.self) == words(RunningDefinition.Restart.self))
    #expect(words(NetworkMode.self) == words(ProcessConditions.Network.self))
    #expect(words(TransportProtocol.self) == words(HostPorts.Transport.self))
    #expect(words(InstanceState.self).isSuperset(of: words(ServiceState.self)))
  }

  @Test("A supervisor goes from one state to another only as instances may", arguments: ServiceState.allCases)
  func statesFollowAsTheyMay(state: ServiceState) {
    for next in state.successors {
      #expect(InstanceState(spelledLike: state).canBecome(InstanceState(spelledLike: next)))
    }
  }
}
