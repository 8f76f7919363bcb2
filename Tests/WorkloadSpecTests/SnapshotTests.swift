import Testing
import WorkloadSpec

@Test("Snapshots are read back") func snapshotsAreReadBack() throws {
  var service = Service()
  service.name = "api"
  service.command = ["/bin/sh", "-c", "echo \"a\u{2028}b\u{1}\" \\ \n 'x' é 🙂"]
  service.env = ["A": "1.10", "B": "yes", "C": ""]
  service.resources.memory = ByteQuantity("256Mi")
  service.ports = [Port()]
  service.ports[0].container = 80
  #expect(try Service(json: service.json) == service)
}
