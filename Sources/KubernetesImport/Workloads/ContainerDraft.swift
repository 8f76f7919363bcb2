import Diagnostics
import SpecImport
import WorkloadSpec
import YAMLNodes

/// A container, with the service that it becomes.
struct ContainerDraft {
  /// When it runs.
  enum Part {
    /// Before the others, to success.
    case initial
    /// Before the others, for as long as they run.
    case native
    /// With the others.
    case regular
  }

  let node: Node
  let part: Part
  var service = Service()
  /// What its variables hold, as far as they are read.
  var variables: [String: VariableExpansion.Variable] = [:]
  /// The names of its ports, with their numbers.
  var portNames: [String: Int] = [:]
  /// The names of its config files.
  var fileNames = UniqueLabels()

  /// In the words of a message: "`web`".
  var phrase: String { "`\(service.name)`" }

  var location: SourceLocation { (node["name"] ?? node).location }
}
