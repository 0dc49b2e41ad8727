"""Every relative link in a Markdown file leads to a file."""

import re

import tree


def check(root):
    findings = []
    for path in tree.files(root, {".md"}):
        content = tree.text(root, path)
        # Code is no link: it may hold f[i](x).
        content = re.sub(r"```.*?```|`[^`\n]*`", "", content, flags=re.S)
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", content):
            if "://" not in link and not (root / path.parent / link).exists():
                findings.append(f"{path}: {link} is not there")
    return findings


if __name__ == "__main__":
    tree.main(check, __doc__)
