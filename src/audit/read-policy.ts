/**
 * The text of a policy becomes a policy. Whatever is wrong with it is one line with file, line and column.
 *
 * @module
 */

import { quoted } from '../plan/quoted.ts';
import { mostChecks, type Policy } from './policy.ts';
import { PolicyText } from './policy-text.ts';
import { readRule } from './read-rule.ts';

/** Reads a policy. `file` is what it is called in messages and reports. */
export async function readPolicy(text: string, file: string): Promise<Policy> {
  const reader = new PolicyText(file);
  const start = { line: 1, column: 1 };
  if (text.length > longestPolicy)
    throw reader.wrong(start, `the policy is longer than ${longestPolicy} characters`);
  // Loaded late: no other command needs it.
  const { readYaml } = await import('./yaml.ts');
  const tree = readYaml(text);
  if (tree.kind === 'problem') throw reader.wrong(tree.at, `the policy cannot be read: ${tree.problem}`);
  const parts = reader.map(tree, 'a policy', ['version', 'name', 'rules']);
  const version = parts.get('version');
  if (version === undefined) throw reader.wrong(tree.at, 'a policy: version is missing, wanted version: 1');
  reader.word(version.value, 'version', ['1']);
  const name = parts.get('name');
  const rules = parts.get('rules');
  if (rules === undefined) throw reader.wrong(tree.at, 'a policy: rules is missing, wanted a list of rules');
  const names = new Set<string>();
  let ports = 0;
  const read = reader.list(rules.value, 'rules', 'a list of rules').map((node) => {
    const { rule, nameAt } = readRule(node, reader);
    if (names.has(rule.name))
      throw reader.wrong(nameAt, `name: found ${quoted(rule.name)} twice, wanted another name for each rule`);
    names.add(rule.name);
    ports += rule.expectations.reduce((sum, one) => sum + one.ports.length, 0);
    if (ports > mostChecks)
      throw reader.wrong(nameAt, `a policy: found more than ${mostChecks} ports, wanted fewer in one policy`);
    return rule;
  });
  return {
    file,
    ...(name !== undefined && { name: reader.text(name.value, 'name', 'a text').text }),
    rules: read,
  };
}

/** Some 70,000 targets, which the parser reads within a second. */
const longestPolicy = 2 ** 20;
