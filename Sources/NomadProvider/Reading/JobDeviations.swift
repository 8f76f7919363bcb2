import Planning
import ProviderKit
import Values
import WorkloadSpec

/// What is not as berth made it about a job, and that no field of the spec states. It is mended by writing the job anew; what
/// others have said beside it, and berth never said, stays.
enum JobDeviations {
  /// The differences between what berth made last and what is there.
  ///
  /// - Parameters:
  ///   - isAsApplied: whether all that the rows read is as it was made: what differs else, they tell.
  ///   - hasMarks: whether berth's marks are there.
  static func of(_ live: JSON, made: JSON, isAsApplied: Bool, hasMarks: Bool) -> [Deviation] {
    guard hasMarks else {
      return [Deviation("job.marks", from: nil, to: "there", impact: .replace)]
    }
    guard isAsApplied else { return [] }
    var deviations: [Deviation] = []
    for member in made.members ?? [] where !ofServer.contains(member.key) {
      guard member.key == "TaskGroups" else {
        compare(live[member.key], member.value, "job.\(member.key)", .replace, &deviations)
        continue
      }
      guard let group = made.group(JobNames.group) else { continue }
      guard let there = live.group(JobNames.group) else {
        deviations.append(Deviation("job.group", from: nil, to: "there", impact: .replace))
        continue
      }
      for member in group.members ?? [] where !ofRollout.contains(member.key) {
        let told =
          member.key == "Constraints"
          ? ImpliedConstraint.without(there[member.key], made: member.value) : there[member.key]
        compare(
          told, member.value, "job.\(member.key)", Self.impact[member.key] ?? .replace,
          &deviations)
      }
    }
    return deviations
  }

  /// What a server writes in its own way, and what says what the job is.
  private static let ofServer: Set<String> = ["Name", "Namespace", "Datacenters"]
  /// What is told as the number of instances and as the strategy.
  private static let ofRollout: Set<String> = ["Count", "Update"]
  /// What is changed without a new instance.
  private static let impact: [String: Impact] = [
    "Services": .inPlace, "Constraints": .inPlace, "ReschedulePolicy": .inPlace,
  ]

  private static func compare(
    _ live: JSON?, _ made: JSON, _ path: String, _ impact: Impact, _ deviations: inout [Deviation]
  ) {
    if let text = made.string, text.contains(TemplateSources.unknown) { return }
    switch made {
    case .object(let members):
      // A change of what decides only about the next instances is no reason for new ones.
      for member in members where member.key != "force_pull" {
        compare(live?[member.key], member.value, "\(path).\(member.key)", impact, &deviations)
      }
    case .array(let elements):
      guard let key = JobMerge.key(of: elements) else {
        return compareWhole(live, elements, path, impact, &deviations)
      }
      for element in elements {
        let name = element[key]?.string ?? ""
        let there = live?.array?.first { $0[key]?.string == name }
        if there == nil {
          deviations.append(Deviation("\(path)[\(name)]", from: nil, to: "there", impact: impact))
        } else {
          compare(there, element, "\(path)[\(name)]", impact, &deviations)
        }
      }
    default:
      if !isSame(live, made) {
        deviations.append(Deviation(path, from: live?.value, to: made.value, impact: impact))
      }
    }
  }

  private static func compareWhole(
    _ live: JSON?, _ made: [JSON], _ path: String, _ impact: Impact, _ deviations: inout [Deviation]
  ) {
    let there = live?.array ?? []
    guard there.count == made.count else {
      deviations.append(Deviation(path, from: live?.value, to: JSON.array(made).value, impact: impact))
      return
    }
    for (index, pair) in zip(there, made).enumerated() {
      compare(pair.0, pair.1, made.count == 1 ? path : "\(path)[\(index)]", impact, &deviations)
    }
  }

  /// Whether two values are the same to a server, which leaves out what says nothing.
  private static func isSame(_ live: JSON?, _ made: JSON) -> Bool {
    if live == made { return true }
    let isNothing = live == nil || live?.isNull == true
    return isNothing && (made == false || made == 0 || made == "" || made.isNull)
  }
}
