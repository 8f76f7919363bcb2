import Planning
import Supervisor

extension InstanceRecord {
  /// An instance of which nothing is known yet.
  init(key: WorkloadKey, id: InstanceID) {
    self.init(
      namespace: key.namespace, workload: key.name,
      place: InstancePlace(ordinal: id.place, generation: id.generation, isBefore: id == .before))
  }

  var key: WorkloadKey { WorkloadKey(namespace: namespace, name: workload) }

  /// Which of its instances it is.
  var id: InstanceID {
    place.isBefore ? .before : InstanceID(place.ordinal, generation: place.generation)
  }
}
