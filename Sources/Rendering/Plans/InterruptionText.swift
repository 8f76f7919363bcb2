import Planning

extension Interruption {
  /// `api (instances 0–2)`, `db (instance 0, for good)`.
  var text: String {
    let noun = instances.count == 1 ? "instance" : "instances"
    return
      "\(SafeText.line(service)) (\(noun) \(PlanOutline.Block.list(instances))\(isForGood ? ", for good" : ""))"
  }
}
