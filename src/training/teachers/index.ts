// The door of the teachers: what a large encoder says of a clip, for a small network to learn.
export { loadTeacher, type Scaling, scalingOf, type Teacher } from "./teacher.ts";
