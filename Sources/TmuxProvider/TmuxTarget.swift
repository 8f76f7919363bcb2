import Diagnostics
import ProviderKit
import WorkloadSpec

/// What a target of tmux windows may say in berth.yaml, besides what every target may say.
public struct TmuxTarget: SpecObject {
  /// The server, by the name of its socket or, with a `/`, its path.
  public var socket: String?
  /// The session that the windows are in.
  public var session = "berth"
  /// The folder in which the machines have their disks.
  public var folder: String?
  /// How long what a window runs must have run to count as ready.
  public var settle = SpecDuration.seconds(1)

  /// A server of its own.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<TmuxTarget>(
    "tmux target", "Machines that are windows of a tmux session on this computer.",
    synonyms: ["server": "socket", "path": "folder"],
    fields: [
      Field(
        "socket", \.socket,
        "the tmux server, by the name of its socket as `tmux -L` takes it or, with a `/`, by its path; by default "
          + "`berth-` and the target's name",
        rules: [.notEmpty]),
      Field("session", \.session, "the session that the windows are in", rules: [.dnsLabel]),
      Field(
        "folder", \.folder,
        "the folder in which the machines have their disks; by default one below `BERTH_HOME`",
        rules: [.notEmpty]),
      Field("settle", \.settle, "how long what a window runs must have run to count as ready"),
    ])
}
