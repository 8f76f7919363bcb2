/// What decides, besides the language, what becomes of fields on an engine. Plain values: the same facts give
/// the same table.
public struct EngineFacts: Sendable, Hashable {
  /// The version of the engine, by which its provider tells what it can do; ``compared`` leaves it out.
  public var version: String
  /// Why processor time can't be limited, if it can't be.
  public var cpuObstacle: String?
  /// Why memory can't be limited, if it can't be.
  public var memoryObstacle: String?

  /// Why other fields can't be had, by their path in a service, such as those that an older version does not know.
  public var obstacles: [String: String]

  /// The facts of an engine on which everything can be done that such an engine can do.
  public init(
    version: String = "", cpuObstacle: String? = nil, memoryObstacle: String? = nil,
    obstacles: [String: String] = [:]
  ) {
    self.obstacles = obstacles
    self.version = version
    self.cpuObstacle = cpuObstacle
    self.memoryObstacle = memoryObstacle
  }

  /// As the fingerprint of an observation holds them. What an engine can do counts, and not by which version.
  public var compared: [String: String] {
    var compared = obstacles
    compared["cpu"] = cpuObstacle
    compared["memory"] = memoryObstacle
    return compared
  }
}
