/// A drawing: boxes, in frames within frames, and the lines between them. How it is written is ``GraphDOT`` and ``GraphMermaid``.
public struct Graph: Sendable, Equatable {
  /// The outline of a box.
  public enum Shape: Sendable {
    /// What goes on: a service of role `main` or `sidecar`, a machine, an object.
    case box
    /// A service that runs to success.
    case rounded
    /// A volume, a path of the machine or a volume that berth did not make.
    case cylinder
    /// What stops something that works.
    case double
  }

  /// What a box means for what is there, which decides its colour.
  public enum Tone: String, Sendable, CaseIterable {
    /// It comes.
    case added
    /// It becomes something else.
    case changed
    /// It goes.
    case removed
  }

  /// A box of the drawing.
  public struct Node: Sendable, Equatable {
    /// What tells it apart, unique within the graph.
    public let id: String
    /// What is said of it, line by line.
    public let lines: [String]
    /// Its outline.
    public let shape: Shape
    /// Its colour; `nil` where it has none.
    public var tone: Tone?
  }

  /// A line between two boxes.
  public struct Edge: Sendable, Equatable {
    /// The box that it starts at.
    public let from: String
    /// The box that it leads to.
    public let to: String
    /// What is said of it.
    public var label: String?
    /// Whether it is an arrow, which says what comes after what; else, it says what belongs together.
    public var isOrder = true
  }

  /// A frame around boxes and other frames.
  public struct Group: Sendable, Equatable {
    /// What tells it apart, unique within the graph.
    public let id: String
    /// What is written on it.
    public let title: String
    /// The boxes that stand in it alone.
    public var nodes: [Node] = []
    /// The frames within it.
    public var groups: [Group] = []
  }

  /// What kind of drawing it is, as a word of Graphviz's language.
  public let name: String
  /// The frames.
  public internal(set) var groups: [Group] = []
  /// The boxes that stand in no frame.
  public internal(set) var nodes: [Node] = []
  /// The lines.
  public internal(set) var edges: [Edge] = []

  init(name: String) { self.name = name }
}
