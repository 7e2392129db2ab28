// What this phone follows on every page once it has it: its requests, and its calendar. Each part comes only where there is one.
import { namesOf } from "./phone.js";

export function follow() {
  if (namesOf("request:").length) import("./requests.js").then(({ startRequests }) => startRequests(), () => {});
  if (namesOf("calendar").length) import("./my_calendar.js").then(({ startCalendar }) => startCalendar(), () => {});
}
