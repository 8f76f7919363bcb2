import Planning
import Testing

@Suite struct InstanceStateTests {
  @Test(
    "What may follow what",
    arguments: [
      (InstanceState.provisioning, InstanceState.starting, true), (.provisioning, .running, false),
      (.starting, .running, true), (.running, .starting, true), (.running, .provisioning, false),
      (.running, .destroyed, false), (.stopping, .running, false), (.stopped, .running, false),
      (.stopped, .starting, true), (.failed, .starting, true), (.failed, .running, false),
      (.destroying, .destroyed, true), (.destroying, .running, false), (.destroyed, .running, false),
      (.destroyed, .provisioning, true), (.unknown, .running, true), (.running, .unknown, true),
    ])
  func whatMayFollowWhat(from: InstanceState, to: InstanceState, isAllowed: Bool) {
    #expect(from.canBecome(to) == isAllowed)
  }

  @Test("Every state may stay and be lost sight of", arguments: InstanceState.allCases)
  func everyStateMayStayAndBeLostSightOf(_ state: InstanceState) {
    #expect(state.canBecome(state))
    #expect(state.canBecome(.unknown))
  }

  @Test(
    "The whole is the worst of its parts",
    arguments: [
      ([InstanceState](), InstanceState.provisioning), ([.running, .running], .running),
      ([.running, .starting], .starting), ([.running, .stopped], .stopped),
      ([.starting, .failed, .running], .failed),
      ([.unknown, .stopping], .unknown), ([.unknown, .failed], .failed),
    ])
  func theWholeIsTheWorstOfItsParts(parts: [InstanceState], whole: InstanceState) {
    #expect(InstanceState.worst(of: parts) == whole)
  }
}
