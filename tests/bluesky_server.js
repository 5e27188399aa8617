// A real Bluesky server and the directory of identities that it needs, on loopback alone:
// node bluesky_server.js PORT_OF_SERVER PORT_OF_DIRECTORY
const net = require("node:net");

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (where, ...rest) {
  const options = typeof where === "object" ? where : { port: Number(where) };
  const ready = rest.filter((one) => typeof one === "function");
  return listen.call(this, { ...options, host: "127.0.0.1" }, ...ready);
};

const { TestNetworkNoAppView } = require("@atproto/dev-env");

const [server, directory] = process.argv.slice(2).map(Number);
TestNetworkNoAppView.create({ plc: { port: directory }, pds: { port: server } }).then(
  () => console.log("ready"),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
