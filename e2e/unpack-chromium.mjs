// Unpacks the browser of @sparticuz/chromium into the folder given. A process of its own, because that package chooses
// what and where by the environment: the temporary folder, and a marker that makes it unpack the libraries too.
import { argv, env } from "node:process";

env.TMPDIR = argv[2];
env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs24.x";

const { default: chromium } = await import("@sparticuz/chromium");
await chromium.executablePath();
