import Planning
import Values
import WorkloadSpec

/// The stamp of a machine as tags, in letters that every cloud takes: lower-case ones, digits, `-` and `_`.
public enum MachineTags {
  /// What all tags of ours begin with, which no label of a workload does.
  public static let prefix = "berth-"

  static let namespace = prefix + "namespace"
  static let workload = prefix + "workload"
  static let instance = prefix + "instance"
  static let run = prefix + "run"
  static let digest = prefix + "digest"
  /// The run that ends the machine. One that has it and is still there was not ended to the end.
  static let ended = prefix + "ended"
  /// The note with the names of the labels that berth put on the machine.
  static let labelNames = prefix + "labels"
  /// The note with the health check that it was made with.
  static let check = prefix + "check"

  /// What the machines of a workload are found by.
  public static func query(of key: WorkloadKey) -> [String: String] {
    [namespace: key.namespace, workload: key.name]
  }

  /// The tags of a machine with a stamp.
  public static func tags(of stamp: Stamp) -> [String: String] {
    var tags = query(of: stamp.key)
    tags[instance] = stamp.instance.description
    tags[run] = stamp.run.description
    tags[digest] = text(of: stamp.digest)
    return tags
  }

  /// The stamp that tags say; `nil` if they are not berth's, or of something else.
  public static func stamp(in tags: [String: String]) -> Stamp? {
    guard let namespace = tags[namespace], let name = tags[workload],
      let id = tags[instance].flatMap({ InstanceID(text: $0) }), let run = tags[run]
    else { return nil }
    return Stamp(
      key: WorkloadKey(namespace: namespace, name: name), instance: id, service: Machine().name,
      run: RunID(run), digest: SpecDigest(digestText(tags[digest] ?? "")))
  }

  /// The labels that berth put on a machine, as they are now: what others put on it is not told.
  static func labels(in tags: [String: String]) -> StringMap {
    StringMap(names(of: tags).compactMap { name in tags[name].map { (key: name, value: $0) } })
  }

  /// The names of the labels that berth put on a machine.
  static func names(of tags: [String: String]) -> [String] {
    (tags[labelNames] ?? "").split(separator: ",").map(String.init)
  }

  /// What is noted of a machine of a workload: the names of its labels, and its health check.
  static func notes(of workload: Workload) -> [String: String] {
    var notes = [labelNames: workload.labels.entries.map(\.key).joined(separator: ",")]
    if let check = workload.healthCheck {
      notes[Self.check] = CanonicalJSON.compact(check.plainWithoutDefaults)
    }
    return notes
  }

  /// `v1_0a1b…` of `v1:0a1b…`.
  private static func text(of digest: SpecDigest) -> String {
    digest.description.split(separator: ":", maxSplits: 1).joined(separator: "_")
  }

  private static func digestText(_ text: String) -> String {
    text.split(separator: "_", maxSplits: 1).joined(separator: ":")
  }
}
