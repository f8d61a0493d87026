// SPDX-License-Identifier: BSD-2-Clause
// Words that a person reads stand in texts/ alone, so that another language can take their place: no component has English
// between its tags, in what it says to those who listen, or in titles and placeholders.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const spoken = new Set(['aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'aria-placeholder', 'title', 'placeholder', 'label', 'description', 'alt', 'hint', 'summary', 'nothingFoundMessage', 'error', 'caption']);

// What has no language: signs, units, names of protocols.
const isSign = (text: string) => !/\p{L}{2,}/u.test(text.replace(/&[a-z]+;/g, ''));

// What stands in examples: names of devices and programs, which are the same in every language.
const isName = (node: ts.Node) => ts.isStringLiteralLike(node) && (/^[a-z0-9./-]+$/.test(node.text) || node.text === 'PostgreSQL');

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return path === 'src/texts' ? [] : filesOf(path);
    return /\.tsx$/.test(path) ? [path] : [];
  });
}

function wordsIn(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const say = (node: ts.Node, text: string) => found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${text.trim().slice(0, 60)}`);
  // A text, or one of those that a condition or a template leads to.
  const texts = (node: ts.Node | undefined): void => {
    if (!node) return;
    if (ts.isStringLiteralLike(node)) return void (isSign(node.text) || say(node, node.text));
    if (ts.isTemplateExpression(node)) {
      for (const part of [node.head, ...node.templateSpans.map(span => span.literal)]) if (!isSign(part.text)) say(node, part.text);
      return;
    }
    if (ts.isConditionalExpression(node)) return void (texts(node.whenTrue), texts(node.whenFalse));
    if (ts.isBinaryExpression(node) && [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.PlusToken].includes(node.operatorToken.kind)) return void (texts(node.left), texts(node.right));
    if (ts.isParenthesizedExpression(node)) texts(node.expression);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && !isSign(node.text)) say(node, node.text);
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText(file))) texts(node.initializer && ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer);
    if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) texts(node.expression);
    // Columns, fields, options: { title: 'English' }
    if (ts.isPropertyAssignment(node) && spoken.has(node.name.getText(file)) && !isName(node.initializer)) texts(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

test('no component has words of its own', () => {
  const files = filesOf('src');
  expect(files.length).toBeGreaterThan(60);
  expect(files.flatMap(wordsIn)).toEqual([]);
});

test('and words would be found', () => {
  const sample = join(process.env.TMPDIR ?? '/tmp', `words-${process.pid}.tsx`);
  const { writeFileSync, rmSync } = ts.sys ? { writeFileSync: ts.sys.writeFile, rmSync: ts.sys.deleteFile! } : { writeFileSync: () => {}, rmSync: () => {} };
  writeFileSync(sample, 'const x = <p title="Some words" className="not these">Hello there {open ? "yes please" : 42} – {`${n} hosts`}<b aria-label={words.fine} /></p>; const c = { title: "Name of it", id: "not-this" };');
  expect(wordsIn(sample).map(line => line.replace(/^.*\d: /, ''))).toEqual(['Some words', 'Hello there', 'yes please', 'hosts', 'Name of it']);
  rmSync(sample);
});
