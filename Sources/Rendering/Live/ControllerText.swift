import Planning

/// How far an engine's own controller has come, for a person.
enum ControllerText {
  /// A line, unless all is as it should be, or what operators asked says it already.
  static func line(_ progress: ObservedController.Progress?, hasPausedRollout: Bool) -> String? {
    switch progress {
    case nil, .settled: nil
    case .rolling: "rolling: instances of the template come, and others go"
    case .stuck(let trouble): "stuck: \(SafeText.line(trouble))"
    case .held: "held: no instance changes before the next apply or rollback"
    case .paused: hasPausedRollout ? nil : "paused: new instances are ready beside the old ones"
    case .orphaned: "its controller is gone: an instance that ends does not come again before the next apply"
    }
  }
}

extension ObservedController.Progress {
  /// Its name, for a program.
  var word: String {
    switch self {
    case .settled: "settled"
    case .rolling: "rolling"
    case .stuck: "stuck"
    case .held: "held"
    case .paused: "paused"
    case .orphaned: "orphaned"
    }
  }

  /// What the engine says of it.
  var message: String? {
    if case .stuck(let trouble) = self { trouble } else { nil }
  }
}
